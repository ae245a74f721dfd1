"""The primitives everything is made of. Seen from outside, u runs right and v runs down."""

import numpy as np

from local.demo.mesh import SMOOTH, Array, Mesh, Points, from_triangles, merge, unit, vectors


def grid(points: Array, crease: float = SMOOTH, uvs: Array | None = None) -> Mesh:
    """A net of quads; `points` is (rows upwards, columns rightwards, 3)."""
    if uvs is None:
        uvs = _even_uvs(points)
    return from_triangles(_quads(points), _quads(uvs), crease)


def _even_uvs(points: Array) -> Array:
    rows, columns = points.shape[:2]
    steps = np.linalg.norm(np.diff(points, axis=0), axis=2).mean(axis=1)
    v = np.concatenate([[0], np.cumsum(steps)]) / max(steps.sum(), 1e-9)
    u = np.linspace(0, 1, columns)
    return np.stack([np.tile(u, (rows, 1)), np.tile(1 - v[:, None], (1, columns))], axis=2)


def _quads(values: Array) -> Array:
    a, b = values[:-1, :-1], values[:-1, 1:]
    c, d = values[1:, 1:], values[1:, :-1]
    both = np.stack([np.stack([a, b, c], axis=2), np.stack([a, c, d], axis=2)], axis=2)
    return both.reshape(-1, 3, values.shape[-1])


def curve(points: Points, steps: int = 8, *, closed: bool = False) -> Array:
    """A smooth line through the points (Catmull-Rom), `steps` pieces between two of them."""
    p = vectors(points)
    if closed:
        p = np.concatenate([p[-1:], p, p[:2]])
    else:
        p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = (np.arange(steps) / steps)[None, :, None]
    a, b, c, d = (p[i : len(p) - 3 + i, None, :] for i in range(4))
    line = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.concatenate([line.reshape(-1, p.shape[1]), p[-2:-1]])


def lathe(profile: Points, segments: int = 48, crease: float = SMOOTH) -> Mesh:
    """A profile of (radius, height), bottom to top on its outside, turned about the y axis."""
    r, y = vectors(profile).T
    angle = np.linspace(-np.pi, np.pi, segments + 1)
    ring = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], axis=1)
    return grid(r[:, None, None] * ring + y[:, None, None] * np.array([0.0, 1, 0]), crease)


def cylinder(radius: float, height: float, segments: int = 32, bevel: float = 0.0) -> Mesh:
    """Stands on y = 0."""
    return cone(radius, radius, height, segments, bevel)


def cone(low: float, high: float, height: float, segments: int = 32, bevel: float = 0.0) -> Mesh:
    """A cylinder that tapers from the radius `low` to `high`; stands on y = 0."""
    if not bevel:
        return lathe([(0, 0), (low, 0), (high, height), (0, height)], segments)
    turn = np.radians([0, 45, 90])
    bottom = np.stack([low - bevel + bevel * np.sin(turn), bevel - bevel * np.cos(turn)], axis=1)
    top = np.stack([high - bevel + bevel * np.cos(turn), height - bevel + bevel * np.sin(turn)], 1)
    return lathe(np.concatenate([[[0, 0]], bottom, top, [[0, height]]]), segments)


def sphere(radius: float = 1.0, segments: int = 32, rings: int = 16) -> Mesh:
    angle = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    profile[[0, -1], 0] = 0
    return lathe(profile, segments)


def superellipsoid(
    width: float,
    height: float,
    depth: float,
    power: float = 0.5,
    segments: int = 32,
    rings: int = 20,
) -> Mesh:
    """A box (power near 0) melting into an ellipsoid (power 1)."""
    up = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)[:, None]
    turn = np.linspace(-np.pi, np.pi, segments + 1)[None, :]
    x = _bent(np.cos(up), power) * _bent(np.sin(turn), power)
    z = _bent(np.cos(up), power) * _bent(np.cos(turn), power)
    y = _bent(np.sin(up), power) * np.ones_like(turn)
    return grid(np.stack([x, y, z], axis=2) * np.array([width, height, depth]) / 2)


def _bent(value: Array, power: float) -> Array:
    value = np.where(np.abs(value) < 1e-9, 0.0, value)
    return np.sign(value) * np.abs(value) ** power


def torus(radius: float, thickness: float, segments: int = 48, sides: int = 16) -> Mesh:
    """A ring lying flat about the y axis; `thickness` is the radius of its tube."""
    angle = np.linspace(-np.pi, np.pi, sides + 1)
    profile = np.stack([radius + thickness * np.cos(angle), thickness * np.sin(angle)], axis=1)
    return lathe(profile, segments)


def tube(
    path: Points,
    radius: float | Array,
    sides: int = 12,
    *,
    closed: bool = False,
    section: Points | None = None,
    crease: float = SMOOTH,
) -> Mesh:
    """A round (or `section`-shaped, unit sized) tube along a path, its ends closed flat."""
    line = vectors(path)
    normal, binormal = _frames(line, closed=closed)
    if section is None:
        angle = np.linspace(0, 2 * np.pi, sides + 1)
        outline = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    else:
        outline = _counter_clockwise(vectors(section))
        outline = np.concatenate([outline, outline[:1]])
    size = np.broadcast_to(np.asarray(radius, dtype=np.float64), (len(line),))[:, None, None]
    ring = outline[None, :, :1] * normal[:, None] + outline[None, :, 1:] * binormal[:, None]
    rows = line[:, None] + size * ring
    if not closed:
        ends = np.broadcast_to(line[[0, -1], None], (2, rows.shape[1], 3))
        rows = np.concatenate([ends[:1], rows, ends[1:]])
    return grid(rows, crease)


def _frames(line: Array, *, closed: bool) -> tuple[Array, Array]:
    """Normal and binormal along the line, carried on without twisting."""
    tangent = unit(np.gradient(line, axis=0))
    if closed:
        tangent[0] = tangent[-1] = unit(line[1] - line[-2])
    helper = np.eye(3)[np.abs(tangent[0]).argmin()]
    normals = [unit(np.cross(tangent[0], helper))]
    for ahead in tangent[1:]:
        normals.append(unit(normals[-1] - ahead * (normals[-1] @ ahead)))
    normal = np.array(normals)
    if closed:  # spread the angle by which the last frame misses the first
        miss = np.arctan2(np.cross(normal[-1], normal[0]) @ tangent[0], normal[-1] @ normal[0])
        turn = np.linspace(0, miss, len(line))[:, None]
        normal = normal * np.cos(turn) + np.cross(tangent, normal) * np.sin(turn)
    return normal, np.cross(tangent, normal)


def box(width: float, height: float, depth: float, bevel: float = 0.0, rounds: int = 1) -> Mesh:
    """Centred; its texture coordinates are in metres, projected on each side."""
    half = vectors([(width, height, depth)])[0] / 2
    inner = half - bevel
    ticks = [_ticks(h, bevel, rounds) for h in half]
    sides = []
    for axis, sign in ((a, s) for a in range(3) for s in (1, -1)):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        across, up = np.meshgrid(ticks[i], ticks[j])
        points = np.zeros((*across.shape, 3))
        points[..., i], points[..., j], points[..., axis] = across * sign, up, half[axis] * sign
        core = np.clip(points, -inner, inner)
        sides.append(core + bevel * unit(points - core) if bevel else points)
    flat = merge(grid(side) for side in sides)
    return from_triangles(flat.points, flat.box_mapped().uvs, SMOOTH)


def _ticks(half: float, bevel: float, rounds: int) -> Array:
    if not bevel:
        return np.array([-half, half])
    outer = half - bevel + bevel * np.tan(np.linspace(0, np.pi / 4, rounds + 1))
    return np.concatenate([-outer[::-1], outer])


def icosphere(radius: float = 1.0, subdivisions: int = 2, crease: float = SMOOTH) -> Mesh:
    golden = (1 + 5**0.5) / 2
    corners = [(s, t * golden, 0.0) for s in (-1, 1) for t in (-1, 1)]
    points = unit(np.array([np.roll(c, k) for k in range(3) for c in corners]))
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    near = distance < distance[distance > 0].min() * 1.01
    near &= ~np.eye(12, dtype=bool)
    faces = [
        (i, j, k)
        for i in range(12) for j in range(12) for k in range(12)
        if near[i, j] and near[j, k] and near[k, i] and i < j and i < k
        and np.cross(points[j] - points[i], points[k] - points[i]) @ points[i] > 0
    ]  # fmt: skip
    triangles = points[np.array(faces)]
    for _ in range(subdivisions):
        a, b, c = (triangles[:, i] for i in range(3))
        ab, bc, ca = unit(a + b), unit(b + c), unit(c + a)
        quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        triangles = np.concatenate([np.stack(q, axis=1) for q in quarters])
    u = np.arctan2(triangles[..., 0], triangles[..., 2]) / (2 * np.pi) + 0.5
    v = np.arccos(np.clip(triangles[..., 1], -1, 1)) / np.pi
    return from_triangles(triangles * radius, np.stack([u, v], axis=2), crease)


def extrude(outline: Points, depth: float, bevel: float = 0.0, crease: float = 30) -> Mesh:
    """An outline in x and y, made `depth` thick about z = 0, its edges bevelled."""
    line = _counter_clockwise(vectors(outline))
    inner = inset(line, bevel)
    back, front = -depth / 2, depth / 2
    if bevel:
        levels = [(inner, back), (line, back + bevel), (line, front - bevel), (inner, front)]
    else:
        levels = [(line, back), (line, front)]
    rows = np.stack([np.column_stack([loop, np.full(len(loop), z)]) for loop, z in levels])
    rim = grid(np.concatenate([rows, rows[:, :1]], axis=1), crease)
    cap = np.column_stack([inner, np.full(len(inner), front)])[triangulate(inner)]
    lid = cap[:, ::-1] * np.array([1.0, 1, -1])
    flat = np.concatenate([rim.points, cap, lid])
    mesh = from_triangles(flat, np.zeros((len(flat), 3, 2)), crease)
    return mesh.box_mapped()


def _counter_clockwise(outline: Array) -> Array:
    (x, y), (u, v) = outline.T, np.roll(outline, -1, axis=0).T
    return outline if (x * v - y * u).sum() > 0 else outline[::-1]


def inset(outline: Array, distance: float) -> Array:
    """The outline moved inwards, its corners mitred."""
    edge = unit(np.roll(outline, -1, axis=0) - outline)
    inward = np.stack([-edge[:, 1], edge[:, 0]], axis=1)
    both = inward + np.roll(inward, 1, axis=0)
    return outline + distance * both / np.maximum((both * inward).sum(axis=1), 0.3)[:, None]


def triangulate(outline: Array) -> list[tuple[int, int, int]]:
    """Ears clipped off a simple, counter-clockwise polygon."""
    left = list(range(len(outline)))
    ears = []
    while len(left) > 3:
        for place, b in enumerate(left):
            a, c = left[place - 1], left[(place + 1) % len(left)]
            rest = outline[[i for i in left if i not in (a, b, c)]]
            if _is_ear(outline[a], outline[b], outline[c], rest):
                break
        ears.append((a, b, c))
        left.remove(b)
    return [*ears, (left[0], left[1], left[2])]


def _is_ear(a: Array, b: Array, c: Array, rest: Array) -> bool:
    def side(p: Array, q: Array, r: Array) -> Array:
        turn: Array = (q[0] - p[0]) * (r[..., 1] - p[1]) - (q[1] - p[1]) * (r[..., 0] - p[0])
        return turn

    if side(a, b, c) <= 1e-12:
        return False
    inside = (side(a, b, rest) >= 0) & (side(b, c, rest) >= 0) & (side(c, a, rest) >= 0)
    return not inside.any()

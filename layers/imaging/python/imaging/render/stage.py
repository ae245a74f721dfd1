"""A scene in the studio, whatever it is seen from."""

import numpy as np

from imaging.images import Image
from imaging.render.ground import Floor
from imaging.render.soup import Tracer, soup
from imaging.render.textures import Texture, to_light
from imaging.scene import Floats, Material, Scene


class Stage:
    """The triangles, ready to be met by rays, and the floor they stand on."""

    def __init__(self, scene: Scene, cells: int) -> None:
        """`cells` is the fineness of the shadow on the floor."""
        self.soup = soup(scene)
        self.materials = scene.materials
        self.textures = [
            Texture(image) if image and image.levels else None for image in scene.images
        ]
        self.shown = self.soup.shown()
        self.low, self.high = self.shown.min(axis=1), self.shown.max(axis=1)
        self.reach = float(np.linalg.norm(self.high - self.low)) / 2 or 1.0
        self.tracer = Tracer(self.soup, scene.materials)
        self.floor = Floor(self.tracer, self.low, self.high, self.reach, cells)
        self.colors = _mean_colors(scene.materials, scene.images)

    @property
    def corners(self) -> Floats:
        """(3, 8) corners of the box around what is shown."""
        ends = np.stack([self.low, self.high])
        return np.stack([ends[[at >> axis & 1 for at in range(8)], axis] for axis in range(3)])


def _mean_colors(materials: list[Material], images: list[Image | None]) -> Floats:
    """(3, m)"""
    colors = np.array([material.base[:3] for material in materials], np.float32).T.copy()
    for number, material in enumerate(materials):
        image = images[material.base_slot.image] if material.base_slot else None
        if image and image.levels:
            smallest = image.levels[-1][..., :3].reshape(-1, 3) / np.float32(255)
            colors[:, number] *= to_light(smallest).mean(axis=0)
    return colors

"""What the demo storefront says: categories, voices of customers, tutorials, its first page."""

from typing import Any

ICONS = {
    "Characters": "🤖",
    "Creatures": "🦊",
    "Vehicles": "🚀",
    "Architecture": "🏛️",
    "Buildings": "🏠",
    "Interiors": "🛋️",
    "Furniture": "🪑",
    "Nature": "🌵",
    "Food": "🍔",
    "Games": "♟️",
    "Fantasy": "🍄",
    "Weapons": "⚔️",
    "Props": "🪙",
    "3D Printing": "🖨️",
}
"""The icons of categories, in the order in which the storefront shows them."""

TESTIMONIALS: tuple[dict[str, Any], ...] = (
    {
        "author": "Ines Carvalho",
        "company": "Tidepool Games",
        "text": "Polygon counts that are measured instead of promised. We stopped opening every "
        "download in Blender first, just to see what we had bought.",
        "rating": 5,
        "verified": True,
        "featured": True,
    },
    {
        "author": "Daniel Osei",
        "company": "Brightside Motion",
        "text": "The chess set went into a commercial two hours after we found it. Clean "
        "materials, real scale, nothing to repair.",
        "rating": 5,
        "verified": True,
        "featured": True,
    },
    {
        "author": "Greta Lund",
        "company": None,
        "text": "I sell here next to my studies. Reviews come back within a day, and when one "
        "said no, it said why.",
        "rating": 4,
        "verified": True,
        "featured": False,
    },
    {
        "author": "Tomás Rivas",
        "company": "Cuarto Norte",
        "text": "Good previews: what I saw is what I got. More interiors, please!",
        "rating": 4,
        "verified": False,
        "featured": False,
    },
)

_FIRST_MODEL = """\
You made something worth sharing. This is how it gets into the catalogue without a second try.

## Before you export

1. **Apply your transforms.** Scale 1, rotation 0. A chair that is 100 metres tall is the most
   common reason for a rejection.
2. **Put the origin where it belongs**: between the feet, under the wheels, at the hinge.
3. **Give things names.** `Cube.017` helps nobody.

## Export as GLB

GLB holds meshes, materials, textures and animations in one file. In Blender:

```text
File → Export → glTF 2.0 (.glb)
  Format: glTF Binary
  Apply Modifiers: on
  +Y Up: on
```

## What happens after the upload

| step | what we do | how long |
|---|---|---|
| inspect | count triangles, read textures, look for a rig | seconds |
| render | draw the pictures that buyers see | seconds |
| review | someone looks at it | about a day |

The facts on the page of your model are *measured* from your file. If you write "4K textures"
and they are 1K, the reviewer sees both.

> Tip: a short, honest description sells better than a long one.
"""

_TEXTURES = """\
Textures are most of the weight of a model, and most of its looks. These habits keep the looks
and lose the weight.

## Pick the size by distance

- **Hero props**, seen close: 2K, 4K if the camera really goes there
- **Things across the room**: 1K
- **The far side of the street**: 512 or less

A 4K set of base colour, normal and roughness takes about **256 MB** of graphics memory when it
is not compressed. Four times smaller is two sizes down.

## Pack what belongs together

Occlusion, roughness and metalness are each one channel. glTF reads them from one picture:

| channel | holds |
|---|---|
| red | occlusion |
| green | roughness |
| blue | metalness |

## Mind the colour space

Base colour and emission are **sRGB**. Everything else is data and must stay **linear**: a normal
map that is treated as colour lights up wrong on every edge.

More of it in the [glTF specification](https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).
"""

_RIGGING = """\
A rig is a promise: whoever buys it will pose it in ways you never tried. Test these before they do.

## The five poses

1. Arms straight up: do the shoulders keep their volume?
2. A deep squat: do the hips fold, or do they tear?
3. Head over the shoulder: does the neck twist evenly?
4. A fist: do the fingers pass through the palm?
5. Everything at once.

## Weights

Keep **four influences per vertex** at most; engines cut the rest, and they do not ask which.
Normalise after painting:

```python
import bpy

for mesh in (each for each in bpy.data.objects if each.type == "MESH"):
    bpy.context.view_layer.objects.active = mesh
    bpy.ops.object.vertex_group_limit_total(limit=4)
    bpy.ops.object.vertex_group_normalize_all()
```

## Animations that count

We look at the keys: a clip in which nothing changes is not called an animation in the catalogue.
Delete the empty `Take 001` that exporters like to leave behind, and name clips after what they
do: `walk`, `idle`, `jump`.

---

When all of this holds, say so in the description. Buyers search for *rigged*, and they notice.
"""

TUTORIALS: tuple[dict[str, Any], ...] = (
    {
        "title": "From your scene to the catalogue: your first model",
        "category": "Beginner",
        "content": _FIRST_MODEL,
        "published": True,
    },
    {
        "title": "Textures that look large and weigh little",
        "category": "Intermediate",
        "content": _TEXTURES,
        "published": True,
    },
    {
        "title": "A rig that survives its buyer",
        "category": "Advanced",
        "content": _RIGGING,
        "published": True,
    },
)

HOMEPAGE: dict[str, Any] = {
    "hero": {
        "title": "3D models for every world",
        "subtitle": "Made by independent creators, measured and rendered before they are sold.",
        "button": {"label": "Browse models", "href": "/models"},
    },
    "announcement": "New: every model shows what was measured from its files.",
    "sections": [
        {"kind": "slider", "title": "Picked by the editors"},
        {"kind": "categories", "title": "Find your corner"},
        {"kind": "trending", "title": "On everyone's screen this week"},
        {"kind": "tutorials", "title": "Learn from the workshop"},
        {"kind": "testimonials", "title": "What people say"},
    ],
}

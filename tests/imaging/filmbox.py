"""Small FBX files in its text form."""

from typing import Any

from tests.imaging.documents import Shape, cube


def _list(values: list[Any]) -> str:
    flat = [str(value) for row in values for value in (row if hasattr(row, "__len__") else [row])]
    return f"*{len(flat)} {{ a: {','.join(flat)} }}"


def fbx(
    texture: str = "", *, up: int = 1, centimetres: float = 100.0, shape: Shape | None = None
) -> bytes:
    """A cube, or this shape, in units of so many centimetres; `texture` is the file its material
    names.
    """
    points, triangles, square = shape or cube()
    ends = [[a, b, -c - 1] for a, b, c in triangles.tolist()]
    painted = f"""
    Texture: 4, "Texture::paint", "" {{
        Type: "TextureVideoClip"
        FileName: "C:\\art\\{texture}"
        RelativeFilename: "textures\\{texture}"
    }}""" if texture else ""  # fmt: skip
    connected = 'C: "OP",4,3, "DiffuseColor"' if texture else ""
    front, across = (2, 0) if up == 1 else (1, 0)
    return f"""; FBX 7.4.0 project file
FBXHeaderExtension: {{
    FBXHeaderVersion: 1003
    FBXVersion: 7400
}}
GlobalSettings: {{
    Version: 1000
    Properties70: {{
        P: "UpAxis", "int", "Integer", "",{up}
        P: "UpAxisSign", "int", "Integer", "",1
        P: "FrontAxis", "int", "Integer", "",{front}
        P: "FrontAxisSign", "int", "Integer", "",{1 if up == 1 else -1}
        P: "CoordAxis", "int", "Integer", "",{across}
        P: "CoordAxisSign", "int", "Integer", "",1
        P: "UnitScaleFactor", "double", "Number", "",{centimetres}
    }}
}}
Objects: {{
    Geometry: 1, "Geometry::cube", "Mesh" {{
        Vertices: {_list(points.tolist())}
        PolygonVertexIndex: {_list(ends)}
        GeometryVersion: 124
        LayerElementUV: 0 {{
            Version: 101
            Name: "map"
            MappingInformationType: "ByVertice"
            ReferenceInformationType: "Direct"
            UV: {_list(square.tolist())}
        }}
        LayerElementMaterial: 0 {{
            Version: 101
            Name: ""
            MappingInformationType: "AllSame"
            ReferenceInformationType: "IndexToDirect"
            Materials: *1 {{ a: 0 }}
        }}
        Layer: 0 {{
            Version: 100
            LayerElement: {{
                Type: "LayerElementUV"
                TypedIndex: 0
            }}
            LayerElement: {{
                Type: "LayerElementMaterial"
                TypedIndex: 0
            }}
        }}
    }}
    Model: 2, "Model::cube", "Mesh" {{
        Version: 232
    }}
    Material: 3, "Material::paint", "" {{
        Version: 102
        ShadingModel: "phong"
        Properties70: {{
            P: "DiffuseColor", "Color", "", "A",0.1,0.1,0.9
        }}
    }}{painted}
}}
Connections: {{
    C: "OO",2,0
    C: "OO",1,2
    C: "OO",3,2
    {connected}
}}
""".encode()

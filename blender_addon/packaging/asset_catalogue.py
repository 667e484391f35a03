"""The models of the ``sweethome3d-furniture`` libraries in the asset pack, and the built-in kind that each replaces.

Keys are the models' own names in a library, values kinds of ``draw.furniture.KINDS`` on which nobody sits, lies or
leans. Tables and cabinets need a flat top; figures of people are left out, because in a small image they cannot be told
from people.
"""

CC0 = "BlendSwap-CC-0"

_CC0_MODELS = {
    "nightstand": ("bedsideTable2",),
    "shelf": ("bookcase", "shelves", "verticalShelves", "televisionCabinet"),
    "cupboard": ("highCabinet",),
    "wardrobe": ("wardrobeWithSlidingDoors", "cupboard"),
    "worktop": ("drawersCabinet", "lowerCabinet"),
    "wall_cupboard": ("glassDoorCabinet", "upperCabinet", "smallUpperCabinet"),
    "wall_shelf": ("upperShelves",),
    "desk": ("lbDesk",),
    "table": ("oakTable", "tableWithTablecloth"),
    "sink": ("washbasin", "modernVanity", "sinkCabinet"),
    "toilet": ("toiletsUnit",),
    "towel_rail": ("towel2", "towel3"),
    "radiator": ("radiator", "radiator3"),
    "extinguisher": ("fireExtinguisher",),
    "sign": ("emergencySign",),
    "television": ("led_tv",),
    "table_lamp": ("desklamp", "JapaneseLantern"),
    "plant": ("decorativePlant", "plant", "plantie"),
    "bin": ("dustbin",),
    "box": ("box", "crate", "ammoBox"),
    "bag": ("briefcase", "handbag", "slippers", "bootie"),
    "doll": ("teddyBear", "woodToy"),
    "papers": ("kalender",),
    "cups": (
        "caffe_final", "plasticCup", "mamadeira", "tetrapak", "yogurtBottle", "coffeeBrewer", "bread",
        "littlePlant", "augalas", "cactus", "orchids", "tableFan", "riggedFan",
    ),
}  # fmt: skip

_SCOPIA = {
    "wardrobe": ("wardrobe1",),
    "shelf": ("kids_shelves",),
    "desk": ("wooden_office_pear_table_rect", "kids_desk_table"),
    "table": ("table4",),
    "coffee_table": ("coffee_table", "coffee-table2", "living_room_table"),
    "towel_rail": ("com_bath3",),
    "air_conditioner": ("internal-unity-air-conditioning",),
    "wall_tv": ("wall-flat-tv",),
    "television": ("tv",),
    "computer": ("apple_pc",),
    "telephone": ("phone",),
    "table_lamp": ("little_lamp1", "little_lamp2", "desk_lamp1", "livingroom_lamp1"),
    "plant": ("maceta", "ficus"),
    "box": ("cardboard-box", "open-cardboard-box"),
    "hamper": ("clothes-basket",),
    "linen_pile": ("folded_clothes",),
    "bag": ("sneakers", "mocassin"),
    "doll": ("doll",),
    "papers": ("bandeja", "penbox"),
    "bottles": ("medicoscopia_bottle", "medicoscopia_bottle2", "medicoscopia_box", "com_bath2_soap"),
    "cups": ("bonsai-tree", "calla_lily_with_roses", "vase2", "toaster", "paperTowelHolder"),
}

_CC_BY_MODELS = {
    "nightstand": ("bedsideTable",),
    "wardrobe": ("wardrobe", "wardrobe2"),
    "dresser": ("dresserWithDrawers", "tvStand"),
    "shelf": ("bookcase",),
    "worktop": ("kitchenLowerCabinet", "kitchenSmallLowerCabinet", "kitchenDrawersCabinet"),
    "wall_cupboard": ("kitchenUpperCabinet", "kitchenSmallUpperCabinet", "kitchenGlassDoorCabinet"),
    "desk": ("simpleDesk",),
    "table": ("table", "cafe_set_mota_table"),
    "coffee_table": ("coffeeTable",),
    "sink": ("washbasin_jay_hardy",),
    "toilet": ("toilets_unit_jay_hardy", "modernToilet"),
    "radiator": ("modernRadiator", "bathroomRadiator"),
    "socket": ("wallSocket", "wallDoubleSocket"),
    "table_lamp": ("lamp", "campingLamp"),
    "computer": ("laptop",),
    "telephone": ("wirelessOfficePhone3",),
    "plant": ("mediumIndoorPlant", "spatifilum", "yuccaPlant"),
    "bag": ("backpack",),
    "box": ("suitcase",),
    "cups": (
        "coffee_cup", "luckyBamboo", "decorativePlant", "succulentPlant", "tulip", "tulips", "white_lily", "radio",
        "gift",
    ),
}  # fmt: skip

_KATOR_LEGAZ = {
    "dispenser": ("bathroom-tissue",),
    "towel_rail": ("towel-rack",),
    "bin": ("bullet-trash-can", "recycling-bin"),
    "table_lamp": ("pedestal-vase-lamp",),
    "computer": ("apple-ibook-2001", "apple-imac-1998"),
    "shelf": ("utility-shelving", "full-bookcase"),
    "cups": ("coffee-maker", "coffee-mug", "bowl"),
    "papers": ("newspaper",),
}

# library: its licence, and {kind: the models that may replace it}.
LIBRARIES = {
    CC0: ("CC0-1.0", _CC0_MODELS),
    "BlendSwap-CC-BY": ("CC-BY-3.0", _CC_BY_MODELS),
    "Scopia": ("CC-BY-3.0", _SCOPIA),
    "KatorLegaz": ("CC-BY-3.0-US", _KATOR_LEGAZ),
}

"""The fields of the drawing layer's specs that dressing reads, as protocols."""

from __future__ import annotations

from typing import Protocol

Colour = tuple[float, float, float]


class Look(Protocol):
    """The fields of a ``LookSpec``."""

    @property
    def skin_rgb(self) -> Colour:
        """Linear albedo of the skin."""
        ...

    @property
    def redness(self) -> float:
        """How much blood shows, 0..1."""
        ...

    @property
    def age_marks(self) -> float:
        """How blotched the skin is, 0..1."""
        ...

    @property
    def hair(self) -> str:
        """A kind of hair."""
        ...

    @property
    def hair_rgb(self) -> Colour:
        """Its linear colour."""
        ...

    @property
    def hair_phase(self) -> float:
        """How its strands fall, 0..1."""
        ...

    @property
    def hair_locks(self) -> bool:
        """Whether it is built of locks."""
        ...

    @property
    def face_detail(self) -> bool:
        """Whether brows and lashes are hairs, and hollows of the skin are shaded."""
        ...

    @property
    def draped_clothes(self) -> bool:
        """Whether clothes fall and fold by their weight."""
        ...

    @property
    def beard(self) -> str:
        """A kind of beard."""
        ...

    @property
    def beard_rgb(self) -> Colour:
        """Its linear colour."""
        ...

    @property
    def brows(self) -> float:
        """How dense the brows are, 0..1."""
        ...

    @property
    def brow_rgb(self) -> Colour:
        """Their linear colour."""
        ...


class Garment(Protocol):
    """The fields of a ``GarmentSpec``."""

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def crease(self) -> float:
        """How its folds fall, 0..1."""
        ...


class Attachment(Protocol):
    """The fields of an ``AttachmentSpec``."""

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def side(self) -> str:
        """The side of the body, "l" or "r"."""
        ...

    @property
    def end(self) -> tuple[float, ...]:
        """The room point that its line leads to, () for no line."""
        ...

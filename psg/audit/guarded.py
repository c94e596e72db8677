"""The tables of the record that are only ever added to. The index of mentions is not one: it is rebuilt."""

from typing import Final

LEAF: Final = "audit_leaf"
DETAIL: Final = "audit_detail"
HEAD: Final = "audit_head"
GENERATION: Final = "audit_generation"
CHECKPOINT: Final = "audit_checkpoint"

GUARDED: Final = (LEAF, DETAIL, HEAD, GENERATION, CHECKPOINT)

"""Make torchvision importable beside the CPU build of torch.

Its wheel of PyPI is compiled for GPUs: beside torch's CPU build, importing it stops at
operators that it has not registered. Declaring two of them is enough for its models.
timm imports it, too. Import this module before either.
"""

import torch

try:
    import torchvision
except RuntimeError as error:
    if "torchvision::nms" not in str(error):
        raise
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision  # noqa: F401

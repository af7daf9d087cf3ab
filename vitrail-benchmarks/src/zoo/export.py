"""Exports every family by both of PyTorch's ONNX exporters: export.py FOLDER PICTURES [FAMILY ...]"""

import itertools
import json
import re
import sys
import time
import traceback
import warnings
import zlib
from pathlib import Path

import numpy
import onnxruntime
import torch
from torch import nn

import families
import pictures

OPSETS = {"torchscript": 17, "dynamo": 18}
FLOAT_TOLERANCE = 2e-3

# Pictures that give batch norms their statistics, and those on which the file is compared with PyTorch.
SETTLING = 64
COMPARED = 4


def slug(name):
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def randomise(model, random):
    """Draws weights that use the whole picture: fan-in scaled layers, uneven norms and scales, no two channels alike."""

    def normal(tensor, deviation):
        return torch.randn(tensor.shape, generator=random) * deviation

    for module in model.modules():
        kind = type(module).__name__.lower()
        for name, parameter in module.named_parameters(recurse=False):
            data = parameter.data
            if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)):
                fan_in = data[0].numel()
                data.copy_(normal(data, 0.1 if name == "bias" else fan_in**-0.5))
            elif isinstance(module, (nn.ConvTranspose2d,)):
                data.copy_(normal(data, 0.1 if name == "bias" else data.shape[0] ** -0.5))
            elif "norm" in kind and data.ndim == 1:
                data.copy_(normal(data, 0.1) if name == "bias" else 0.6 + 0.8 * torch.rand(data.shape, generator=random))
            elif not data.is_floating_point():
                continue
            elif data.numel() > 1 and data.min() == data.max():
                value = data.flatten()[0].item()
                if re.search("gamma|scale|lambda|layer_scale", name) and abs(value) < 1:
                    data.copy_(0.1 + 0.4 * torch.rand(data.shape, generator=random))
                elif value == 0:
                    data.copy_(normal(data, 0.2))
                else:
                    data.copy_(value * (1 + normal(data, 0.2)))
            elif data.ndim >= 2 and 0 < data.std() < 0.05:
                data.mul_(0.2 / data.std())


def settle(model, sample):
    """Gives batch norms the statistics of the pictures."""
    norms = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    if norms:
        with torch.no_grad():
            model(sample)
    model.eval()


def flat(result):
    return [result] if isinstance(result, torch.Tensor) else [value for value in result if isinstance(value, torch.Tensor)]


def convert(model, sample, names, exporter, dynamic, path):
    if exporter == "torchscript":
        torch.onnx.export(
            model, (sample,), str(path), dynamo=False, opset_version=OPSETS[exporter], input_names=["pixel_values"],
            output_names=names,
            dynamic_axes={name: {0: "batch"} for name in ["pixel_values", *names]} if dynamic else None)
    else:
        shapes = ({0: torch.export.Dim("batch", min=1, max=64)},) if dynamic else None
        torch.onnx.export(
            model, (sample,), str(path), dynamo=True, opset_version=OPSETS[exporter], input_names=["pixel_values"],
            output_names=names, dynamic_shapes=shapes, external_data=False, verbose=False)


def float_error(path, batch, expected):
    """Returns the largest relative error of the exported file's outputs against PyTorch's."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    answers = [session.run(None, {session.get_inputs()[0].name: picture[None]}) for picture in batch]
    for place, values in enumerate(expected):
        got = numpy.concatenate([answer[place] for answer in answers]).astype(numpy.float64)
        values = values.astype(numpy.float64)
        worst = max(worst, float(numpy.linalg.norm(got - values) / (numpy.linalg.norm(values) + 1e-30)))
    return worst


def built(family, source, eager):
    """Returns the model of a family with its pictures, the same weights each time."""
    families.eager = eager
    seed = zlib.crc32(family.name.encode())
    torch.manual_seed(seed)
    model = family.build().eval()
    randomise(model, torch.Generator().manual_seed(seed))
    tensor = torch.from_numpy(pictures.batch(source, family.size, 0, SETTLING))
    if family.kind == "video":
        tensor = torch.stack([tensor[i : i + 4] for i in range(4)])
    settle(model, tensor)
    return model, tensor[:COMPARED]


def export(family, exporter, folder, source):
    """Exports with a batch of any size, else with a fixed one; with attention as it is, else spelled out."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    failures = []
    for eager in (False, True):
        model, tensor = built(family, source, eager)
        with torch.no_grad():
            parts = [flat(model(tensor[i : i + 1])) for i in range(len(tensor))]
        expected = [torch.cat(values).numpy() for values in zip(*parts)]
        names = model.names if isinstance(model, families.Outputs) else ["output"]
        names = names if len(names) == len(expected) else [f"output{i}" for i in range(len(expected))]
        for dynamic in (True, False):
            try:
                convert(model, tensor[: 2 if dynamic else 1], names, exporter, dynamic, path)
                error = float_error(path, tensor.numpy(), expected)
            except Exception as e:
                failures.append((type(e).__name__ + ": " + " ".join(str(e).split()))[:600])
                (folder / "traceback.txt").write_text(traceback.format_exc())
                continue
            if error < FLOAT_TOLERANCE:
                describe(family, model, folder)
                count = sum(p.numel() for p in model.parameters())
                return dict(dynamic=dynamic, eager=eager, float_error=error, parameters=count)
            failures.append(f"the file's outputs differ from PyTorch's by {error:.3g}")
    path.unlink(missing_ok=True)
    return dict(failure=failures[-1], failures=failures)


def describe(family, model, folder):
    """Writes the configuration that a published model has beside it."""
    (folder / "preprocessor_config.json").write_text(json.dumps(pictures.processor(family.size), indent=1))
    if isinstance(model, families.Outputs):
        model.model.config.architectures = [type(model.model).__name__]
        (folder / "config.json").write_text(model.model.config.to_json_string())


def main(target, source, chosen):
    warnings.filterwarnings("ignore")
    for exporter, family in itertools.product(OPSETS, families.FAMILIES):
        folder = Path(target) / f"{slug(family.name)}.{exporter}"
        done = folder / "export.json"
        if done.exists() or chosen and slug(family.name) not in chosen:
            continue
        start = time.time()
        try:
            result = export(family, exporter, folder, source)
        except Exception as e:
            (folder / "traceback.txt").write_text(traceback.format_exc())
            result = dict(failure=(type(e).__name__ + ": " + " ".join(str(e).split()))[:300])
        result.update(family=family.name, library=family.library, kind=family.kind, size=family.size, exporter=exporter)
        done.write_text(json.dumps(result, indent=1))
        print(f"{family.name}, {exporter}: {result.get('failure', 'exported')} ({time.time() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], set(sys.argv[3:]))

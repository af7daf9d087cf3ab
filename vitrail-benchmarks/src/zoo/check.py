"""Runs inspect, quantize and evaluate on every exported model, and compares in ONNX Runtime: check.py FOLDER PICTURES [FAMILY ...]"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy
import onnx
import onnxruntime
from scipy.optimize import linear_sum_assignment

import pictures

VITRAIL = shlex.split(os.environ.get("VITRAIL") or str(Path(__file__).resolve().parents[3] / "vitrail"))
STEPS = os.environ.get("ZOO_STEPS", "inspect quantize evaluate").split()
CALIBRATION = 64
HELD_BACK = 16
JUDGED = 16
MINUTES = 5


def run(*arguments):
    try:
        done = subprocess.run([*VITRAIL, *map(str, arguments)], capture_output=True, text=True, timeout=60 * MINUTES)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return -1, "", f"takes more than {MINUTES} minutes"


def outputs(path, batch):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    answers = [session.run(None, {name: picture[None]}) for picture in batch]
    return {
        output.name: [answer[place].astype(numpy.float64) for answer in answers]
        for place, output in enumerate(session.get_outputs())
    }


def relative(expected, got):
    a, b = (numpy.concatenate([value.ravel() for value in values]) for values in (expected, got))
    return float(numpy.linalg.norm(a - b) / (numpy.linalg.norm(a) + 1e-30))


def variation(values):
    """Returns how much an output differs from picture to picture, relative to its norm."""
    if len({value.shape for value in values}) > 1:
        return None
    stack = numpy.stack(values)
    return float(numpy.linalg.norm(stack - stack.mean(0)) / (numpy.linalg.norm(stack) + 1e-30))


def matched(expected, got):
    """Returns the errors after queries are matched one to one: their order means nothing behind a selection of queries."""
    names = list(expected)
    paired = {name: [] for name in names}
    for i in range(len(expected[names[0]])):
        cost = 0
        for name in names:
            a, b = (side[name][i][0].reshape(side[name][i].shape[1], -1) for side in (expected, got))
            scale = (a**2).sum(1).mean() + 1e-30
            cost = cost + ((a[:, None] - b[None]) ** 2).sum(2) / scale
        _, order = linear_sum_assignment(cost)
        for name in names:
            paired[name].append(got[name][i][:, order])
    return {name: relative(expected[name], paired[name]) for name in names}


def integer_share(path):
    """Returns the share of multiply-adds whose two operands are integers."""
    model = onnx.load(str(path))
    for value in model.graph.input:
        if value.type.tensor_type.shape.dim:
            value.type.tensor_type.shape.dim[0].dim_value = 1
    try:
        from onnxruntime.tools.symbolic_shape_infer import SymbolicShapeInference

        model = SymbolicShapeInference.infer_shapes(model, auto_merge=True)
    except Exception:
        model = onnx.shape_inference.infer_shapes(model)
    graph = model.graph
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.value_info, *graph.output, *graph.input]}
    shapes.update({w.name: list(w.dims) for w in graph.initializer})
    by_output = {name: node for node in graph.node for name in node.output}
    integers, all_of_them, unknown = 0, 0, 0
    for node in graph.node:
        if node.op_type not in ("MatMul", "Gemm", "Conv", "ConvTranspose", "MatMulInteger", "ConvInteger", "Einsum"):
            continue
        out, left, right = (shapes.get(name) for name in (node.output[0], node.input[0], node.input[1]))
        if not out or not right or not left or 0 in out or 0 in right:
            unknown += 1
            continue
        count = numpy.prod(out, dtype=float)
        if node.op_type == "ConvTranspose":
            count = numpy.prod(left, dtype=float) * numpy.prod(right[1:], dtype=float)
        elif "Conv" in node.op_type:
            count *= numpy.prod(right[1:], dtype=float)
        else:
            count *= left[-1]
        all_of_them += count
        quantized = all(
            name in by_output and by_output[name].op_type == "DequantizeLinear" for name in node.input[:2]
        ) or node.op_type.endswith("Integer")
        integers += count if quantized else 0
    return integers / all_of_them if all_of_them else 0.0, unknown


def check(folder, facts, source):
    """Runs the commands that have not been run on this model, and compares where quantize is among them."""
    model, quantized = folder / "model.onnx", folder / "quantized.onnx"
    calibration, judged = source
    result = {**facts, "steps": dict(facts.get("steps", {}))}
    for name, arguments in (
        ("inspect", ["inspect", model, "--json", folder / "inspect.json"]),
        ("quantize", ["quantize", model, "--images", calibration, "--count", CALIBRATION, "-o", quantized,
                      "--json", folder / "quantize.json"]),
        ("evaluate", ["evaluate", quantized, "--reference", model, "--images", judged, "--json", folder / "evaluate.json"]),
    ):
        if name not in missing(facts) or name == "evaluate" and not quantized.exists():
            continue
        start = time.time()
        code, out, err = run(*arguments)
        (folder / f"{name}.txt").write_text(out + "\n--- errors\n" + err)
        result["steps"][name] = dict(code=code, seconds=round(time.time() - start, 1))
        if code != 0:
            result["steps"][name]["message"] = " ".join(err.split("vitrail: ")[-1].split())[:400]
    if "quantize" in missing(facts) and quantized.exists():
        batch = pictures.batch(judged, facts["size"], 0, JUDGED)
        expected, got = outputs(model, batch), outputs(quantized, batch)
        result["errors"] = {name: relative(expected[name], got[name]) for name in expected}
        result["variation"] = {name: variation(expected[name]) for name in expected}
        if facts["kind"] in ("detection", "masks"):
            result["matched"] = matched(expected, got)
        result["integer_share"], result["unknown_products"] = integer_share(quantized)
        report = json.loads((folder / "quantize.json").read_text())
        result["task"] = report.get("task")
        result["verdict"] = report.get("verdict")
    return result


def missing(facts):
    """Returns the commands that have not been run; none where the model was refused."""
    done = facts.get("steps", {})
    if done.get("quantize", {}).get("code", 0) != 0:
        return [name for name in STEPS if name == "inspect" and name not in done]
    return [name for name in STEPS if name not in done]


def folders(target, source):
    """Copies the pictures to calibrate with, to hold back, and to judge by, so that none serves twice."""
    files = sorted(f for f in Path(source).rglob("*") if f.suffix.lower() in (".jpg", ".jpeg", ".png"))
    parts = (Path(target) / "calibration", CALIBRATION + HELD_BACK), (Path(target) / "judged", JUDGED)
    start = 0
    for folder, count in parts:
        if not folder.exists():
            folder.mkdir(parents=True)
            for file in files[start : start + count]:
                shutil.copy(file, folder / file.name)
        start += count
    return tuple(folder for folder, _ in parts)


def cost(folder):
    """Returns roughly how long a model takes, so that the small ones come first."""
    facts = json.loads((folder / "export.json").read_text())
    return (folder / "model.onnx").stat().st_size * numpy.prod(facts["size"]) ** 2


def main(target, source, chosen):
    both = folders(target, source)
    exported = [f.parent for f in Path(target).glob("*/model.onnx") if (f.parent / "export.json").exists()]
    for folder in sorted(exported, key=lambda f: (f.suffix == ".dynamo", cost(f))):
        if chosen and folder.name.split(".")[0] not in chosen:
            continue
        known = folder / "result.json"
        facts = json.loads((known if known.exists() else folder / "export.json").read_text())
        if "broken" in facts or not missing(facts):
            continue
        start = time.time()
        try:
            result = check(folder, facts, both)
        except Exception as e:
            result = dict(facts, broken=f"{type(e).__name__}: {e}")
        (folder / "result.json").write_text(json.dumps(result, indent=1))
        errors = {**result.get("errors", {}), **result.get("matched", {})}
        print(f"{folder.name}: {max(errors.values()) if errors else '-'} "
              f"{result.get('broken', '')} {[s['message'] for s in result.get('steps', {}).values() if 'message' in s]} ({time.time() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], set(sys.argv[3:]))

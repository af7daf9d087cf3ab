"""Writes what was found as Markdown: table.py FOLDER FILE.md"""

import json
import re
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import families
from export import OPSETS, slug

BOUND = 0.06
PACKAGES = ("torch", "timm", "transformers", "torchvision", "onnxscript", "onnxruntime")


def cleaned(message):
    return re.sub(r"\s+", " ", re.sub("\x1b\\[[0-9;]*m", "", message)).replace("|", "\\|").strip()


def failure_of_exporter(facts):
    message = cleaned(facts["failures"][-1] if facts.get("failures") else facts["failure"])
    inner = re.search(r"<class '([^']*)'>: (.*?)(?: While executing|$)", message)
    return (f"{inner[1]}: {inner[2]}" if inner else message)[:160]


def judge(facts):
    """Returns the result in words, the error and whether the row is right; None where there is nothing to judge."""
    if "failure" in facts:
        return "not exported: " + failure_of_exporter(facts), None, None
    if "broken" in facts:
        return "the check broke: " + cleaned(facts["broken"])[:160], None, False
    for step in ("quantize", "inspect", "evaluate"):
        run = facts["steps"].get(step)
        if run and run["code"] != 0:
            message = cleaned(run.get("message", ""))
            refused = run["code"] == 2 and step == "quantize"
            return (f"refused: {message}" if refused else f"{step} failed: {message}"), None, refused
    error = max(facts["errors"].values())
    if error <= BOUND:
        return "right", error, True
    if "matched" in facts and max(facts["matched"].values()) <= BOUND:
        return "right as a set", max(facts["matched"].values()), True
    said = facts["verdict"]["level"] != "FINE"
    error = min(error, max(facts["matched"].values())) if "matched" in facts else error
    return ("above the bound, and the verdict says so" if said else "above the bound"), error, False


def main(folder, target):
    rows, right, exported, unexported = [], [], [], []
    steps, counts = Counter(), Counter()
    for family in families.FAMILIES:
        judged = []
        for exporter in OPSETS:
            place = Path(folder) / f"{slug(family.name)}.{exporter}"
            file = next((place / n for n in ("result.json", "export.json") if (place / n).exists()), None)
            if file is None:
                continue
            facts = json.loads(file.read_text())
            if file.name == "export.json" and "failure" not in facts:
                continue
            words, error, good = judge(facts)
            judged.append(good)
            counts.update([words.split(":")[0]])
            steps.update(name for name, run in facts.get("steps", {}).items() if run["code"] == 0)
            share = facts.get("integer_share")
            batch = "" if "failure" in facts else "any" if facts["dynamic"] else "1"
            rows.append(
                f"| {family.name} | {family.library} | {exporter} | {batch} | {words} | "
                f"{'' if error is None else f'{error:.3f}'} | {'' if share is None else f'{share:.1%}'} |")
        known = [good for good in judged if good is not None]
        if known:
            exported.append(family.name)
            if all(known):
                right.append(family.name)
        elif judged:
            unexported.append(family.name)
    text = [
        "# The zoo",
        "",
        "Vision transformers as people export them: small ones with random weights, by both of PyTorch's ONNX exporters,"
        " through `vitrail inspect`, `quantize` (W8A8, defaults, 64 pictures) and `evaluate`. `vitrail-benchmarks/zoo` makes"
        " the models and writes this table.",
        "",
        f"In this run {steps['quantize']} files were quantized; `inspect` ran on {steps['inspect']} files and `evaluate` on"
        f" {steps['evaluate']}.",
        "",
        f"- {len(right)} of {len(exported)} families are right or refused with the reason, with every file that was checked;"
        f" not: {', '.join(f for f in exported if f not in right) or 'none'}.",
        f"- Files: {'; '.join(f'{words} {count}' for words, count in counts.items())}. \"above the bound\" alone means that the"
        " verdict called the result fine. Files that were not checked in this run have no row.",
        f"- Right: every output's relative error, ‖float − quantized‖ / ‖float‖, is at most {BOUND:.2f} on 16 further pictures,"
        " computed in Python with ONNX Runtime; or the file is refused with the reason. Detections and masks may be matched"
        " one to one first (as a set).",
        "- Integers: the share of multiply-adds with integers on both sides, counted in the quantized file. Attention's own"
        " products stay float by default.",
        "- Batch: the size that the file takes. Where an exporter fails with a batch of any size, 1; where it fails with"
        " fused attention, attention is spelled out.",
        "- Every exported file computes what PyTorch computes, to 0.2 %.",
        f"- Versions: {', '.join(f'{p} {version(p)}' for p in PACKAGES)}.",
        "",
        "| Family | Library | Exporter | Batch | Result | Error | Integers |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    if unexported:
        text += ["", f"No exporter could write: {', '.join(unexported)}."]
    Path(target).write_text("\n".join(text) + "\n")
    print(f"{len(right)} of {len(exported)} families are right; not right: {', '.join(f for f in exported if f not in right)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""Pictures as the models are fed: whole, resized to the model's size, values from -1 to 1."""

from pathlib import Path

import numpy
from PIL import Image

MEAN = 0.5
DEVIATION = 0.5


def batch(folder, size, first, count):
    """Returns count pictures of a folder in the order of their names, from the given place on, as N x 3 x size x size."""
    files = sorted(f for f in Path(folder).rglob("*") if f.suffix.lower() in (".jpg", ".jpeg", ".png"))[first : first + count]
    height, width = (size, size) if isinstance(size, int) else size
    values = [
        numpy.asarray(Image.open(f).convert("RGB").resize((width, height), Image.BICUBIC), numpy.float32) / 255
        for f in files
    ]
    return ((numpy.stack(values) - MEAN) / DEVIATION).transpose(0, 3, 1, 2).copy()


def processor(size):
    """Returns the preprocessing as a preprocessor_config.json."""
    height, width = (size, size) if isinstance(size, int) else size
    return {
        "image_processor_type": "ViTImageProcessor",
        "do_resize": True,
        "size": {"height": height, "width": width},
        "resample": 3,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [MEAN] * 3,
        "image_std": [DEVIATION] * 3,
    }


def draw(folder, count, seed=0):
    """Draws pictures of overlapping coloured shapes on gradients, for machines without a folder of photographs."""
    from PIL import ImageDraw

    Path(folder).mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(seed)
    for index in range(count):
        corners = random.integers(0, 256, (2, 2, 3), dtype=numpy.uint8)
        picture = Image.fromarray(corners).resize((256, 256), Image.BICUBIC)
        pen = ImageDraw.Draw(picture)
        for _ in range(random.integers(3, 20)):
            x, y, w, h = random.integers(0, 200, 4)
            shape = pen.ellipse if random.random() < 0.5 else pen.rectangle
            shape((x, y, x + w + 5, y + h + 5), fill=tuple(random.integers(0, 256, 3).tolist()))
        picture.save(Path(folder) / f"{index:03}.png")

"""Writes small checkpoints with random weights and the outputs that PyTorch computes for them.

    pip install torch==2.15.0 torchvision==0.29.2 timm==1.0.31 transformers==5.24.0 safetensors
    python reference_checkpoints.py references

A folder of each model holds config.json, model.safetensors and expected.txt: the output's name, then its values for one
picture whose value number i is sin(0.37 i + 0.0001 i^2).
"""
import json
import sys
from pathlib import Path

import timm
import torch
import transformers as hf
from timm.models._hub import save_for_hf

SIZE = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)
TEXT = dict(vocab_size=40, max_position_embeddings=8, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, projection_dim=24)
PICTURE = dict(image_size=32, patch_size=8)


def picture(side):
    i = torch.arange(3 * side * side, dtype=torch.float64)
    return torch.sin(0.37 * i + 0.0001 * i * i).float().reshape(1, 3, side, side)


def randomize(model, seed):
    """Makes every parameter matter: biases, scales and tables too, which are zero or one when a model is made."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            one_dimensional = value.dim() == 1 and name.endswith(('weight', 'gamma', 'lambda1', 'lambda_1', 'lambda_2', 'gamma_1', 'gamma_2'))
            spread = 0.3 if value.dim() < 2 else 0.5 if 'bias_table' in name else 1.5 / value.shape[-1] ** 0.5 if value.dim() == 2 else 0.3
            value.copy_(noise * spread + (1 if one_dimensional else 0))
    return model.eval()


def write(folder, name, output, side):
    print(folder.name, name, tuple(output.shape), float(output.abs().max()))
    lines = [name] + [repr(float(value)) for value in output.flatten()]
    (folder / 'expected.txt').write_text('\n'.join(lines) + '\n')


def hugging_face(root, folder, model, output, run=None, side=32):
    randomize(model, len(folder))
    target = root / folder
    model.save_pretrained(target)
    config = json.loads((target / 'config.json').read_text())
    for key in ('id2label', 'label2id'):
        config.pop(key, None)
    (target / 'config.json').write_text(json.dumps(config, indent=1) + '\n')
    with torch.no_grad():
        result = run(model) if run else getattr(model(pixel_values=picture(side)), output)
    write(target, output, result, side)


def pytorch_image_models(root, folder, architecture, side=32, output='logits', **arguments):
    model = randomize(timm.create_model(architecture, img_size=side, **arguments), len(folder))
    target = root / folder
    save_for_hf(model, target, model_args=dict(img_size=side, **{k: v for k, v in arguments.items() if k != 'num_classes'}),
                safe_serialization=True)
    with torch.no_grad():
        write(target, output, model(picture(side)), side)


def write_hugging_face(root):
    def make(folder, kind, config, output='logits', run=None, side=32):
        hugging_face(root, folder, kind(config), output, run, side)

    make('hf-dinov2', hf.Dinov2ForImageClassification, hf.Dinov2Config(**SIZE, **PICTURE, mlp_ratio=2, num_labels=5))
    make('hf-dinov2-swiglu', hf.Dinov2Model, hf.Dinov2Config(**SIZE, **PICTURE, mlp_ratio=2, use_swiglu_ffn=True), 'pooler_output')
    make('hf-dinov2-registers', hf.Dinov2WithRegistersForImageClassification,
         hf.Dinov2WithRegistersConfig(**SIZE, **PICTURE, mlp_ratio=2, num_register_tokens=3, num_labels=5))
    for folder, kind, side in (('hf-dinov2-enlarged', hf.Dinov2Model, 56), ('hf-dinov2-reduced', hf.Dinov2Model, 24)):
        make(folder, kind, hf.Dinov2Config(**SIZE, **PICTURE, mlp_ratio=2), 'pooler_output', side=side)
        preprocessing = dict(image_processor_type='BitImageProcessor', do_resize=True, size=dict(shortest_edge=64), do_center_crop=True,
                             crop_size=dict(height=side, width=side), image_mean=[0.5] * 3, image_std=[0.5] * 3)
        (root / folder / 'preprocessor_config.json').write_text(json.dumps(preprocessing, indent=1) + '\n')
    make('hf-ijepa', hf.IJepaForImageClassification, hf.IJepaConfig(**SIZE, **PICTURE, num_labels=5))

    vision = dict(**SIZE, **PICTURE)
    projected = hf.CLIPVisionConfig(**vision, projection_dim=24)
    both = hf.CLIPConfig(text_config=TEXT, vision_config=dict(**vision, projection_dim=24), projection_dim=24, num_labels=5)
    make('hf-clip', hf.CLIPModel, both, 'image_embeds', lambda m: m.visual_projection(m.vision_model(picture(32)).pooler_output))
    make('hf-clip-projection', hf.CLIPVisionModelWithProjection, projected, 'image_embeds')
    make('hf-clip-vision', hf.CLIPVisionModel, projected, 'pooler_output')
    make('hf-clip-classifier', hf.CLIPForImageClassification, both)

    text = {k: v for k, v in TEXT.items() if k != 'projection_dim'} | dict(hidden_size=32)
    both = hf.SiglipConfig(text_config=text, vision_config=vision, num_labels=5)
    make('hf-siglip', hf.SiglipModel, both, 'pooler_output', lambda m: m.vision_model(picture(32)).pooler_output)
    make('hf-siglip-remainder', hf.SiglipVisionModel, hf.SiglipVisionConfig(**SIZE, image_size=37, patch_size=8), 'pooler_output', side=37)
    make('hf-siglip-vision', hf.SiglipVisionModel, hf.SiglipVisionConfig(**vision), 'pooler_output')
    make('hf-siglip-classifier', hf.SiglipForImageClassification, both)

    make('hf-beit', hf.BeitForImageClassification, hf.BeitConfig(**SIZE, **PICTURE, use_relative_position_bias=True, num_labels=5))
    make('hf-beit-shared', hf.BeitForImageClassification,
         hf.BeitConfig(**SIZE, **PICTURE, use_shared_relative_position_bias=True, use_absolute_position_embeddings=True,
                       use_mean_pooling=False, num_labels=5))
    make('hf-data2vec-vision', hf.Data2VecVisionForImageClassification,
         hf.Data2VecVisionConfig(**SIZE, **PICTURE, use_relative_position_bias=True, num_labels=5))

    swin = dict(image_size=32, patch_size=2, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4, mlp_ratio=2)
    make('hf-swin', hf.SwinForImageClassification, hf.SwinConfig(**swin, num_labels=5))
    make('hf-swin-model', hf.SwinModel, hf.SwinConfig(**swin, layer_norm_eps=1e-3), 'pooler_output')


def write_timm(root):
    size = dict(embed_dim=32, depth=2, num_heads=4, patch_size=8)

    def make(folder, architecture, **arguments):
        pytorch_image_models(root, folder, architecture, **arguments)

    make('timm-dinov2', 'vit_small_patch14_dinov2', **size, num_classes=0, output='pooler_output')
    make('timm-dinov2-registers', 'vit_giant_patch14_reg4_dinov2', **size, num_classes=5)
    make('timm-clip', 'vit_base_patch32_clip_quickgelu_224', **size, num_classes=5)
    make('timm-siglip', 'vit_base_patch16_siglip_224', **size, num_classes=0, output='pooler_output')
    make('timm-siglip-gap', 'vit_base_patch16_siglip_gap_224', **size, num_classes=5)
    make('timm-beit', 'beit_base_patch16_224', **size, num_classes=5)
    make('timm-swin', 'swin_tiny_patch4_window7_224', patch_size=2, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4, num_classes=5)
    make('timm-swin-small', 'swin_s3_tiny_224', patch_size=2, embed_dim=16, depths=[2, 2, 2], num_heads=[2, 4, 4], window_size=[4, 4, 4], num_classes=0, output='pooler_output')


def main():
    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    write_hugging_face(root)
    write_timm(root)


if __name__ == '__main__':
    main()

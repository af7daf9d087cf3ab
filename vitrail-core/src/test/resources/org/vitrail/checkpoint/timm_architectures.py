"""Writes the table of timm's architectures whose checkpoints have the keys of a family that Vitrail imports.

Each architecture is built without weights, and what its keys do not say is read from its modules:

    pip install timm==1.0.31 torch==2.15.0 torchvision==0.29.2
    python timm_architectures.py > vitrail-core/src/main/resources/org/vitrail/checkpoint/timm-architectures.txt

A line is "NAME vit|beit|swin HEADS EPSILON ACTIVATION POOLING" (heads "-" where shapes show them), or "NAME refused REASON".
"""
import warnings

import timm
import torch
from torch import nn

warnings.filterwarnings('ignore')

# The modules of timm that have blocks with attention.
MODULES = ('beit', 'cait', 'convit', 'crossvit', 'davit', 'deepseek_vit', 'deit', 'eva', 'gemma4_vit', 'hiera', 'hieradet_sam2', 'levit', 'mvitv2', 'naflexvit', 'nest',
           'pit', 'pvt_v2', 'qwen3_vit', 'swin_transformer', 'swin_transformer_v2', 'swin_transformer_v2_cr', 'tnt', 'twins', 'vision_transformer',
           'vision_transformer_hybrid', 'vision_transformer_relpos', 'vision_transformer_sam', 'visformer', 'vitamin', 'volo', 'xcit')
SIGNATURES = ('blocks.0.attn.proj.weight', 'layers.0.blocks.0.attn.proj.weight')
ACTIVATIONS = {'GELU': 'GELU', 'GELUTanh': 'GELU_TANH', 'QuickGELU': 'QUICK_GELU', 'ReLU': 'RELU', 'SiLU': 'SWIGLU'}
POOLINGS = {'token': 'CLASS_TOKEN', 'avg': 'AVERAGE', 'map': 'ATTENTION'}


class Refused(Exception):
    pass


def kind(module):
    return type(module).__name__


def want(condition, reason):
    if not condition:
        raise Refused(reason)


def identity(module):
    return module is None or isinstance(module, nn.Identity)


def epsilon(model):
    found = set()
    for name, module in model.named_modules():
        if 'Norm' in kind(module):
            want(isinstance(module, nn.LayerNorm) and module.bias is not None, f'its norms are {kind(module)}')
            found.add(module.eps)
    want(len(found) == 1, f'its norms have several epsilons {sorted(found)}')
    return found.pop()


def activation(mlp):
    act = kind(mlp.act)
    want(identity(getattr(mlp, 'norm', None)), 'its MLPs have a norm inside')
    if kind(mlp) == 'GluMlp':
        want(act == 'SiLU' and mlp.gate_last is False, f'its MLPs are GluMlp with {act}')
        return 'SWIGLU'
    want(kind(mlp) == 'Mlp', f'its MLPs are {kind(mlp)}')
    want(act in ACTIVATIONS and act != 'SiLU', f'its activation is {act}')
    return 'GELU_TANH' if act == 'GELU' and getattr(mlp.act, 'approximate', 'none') == 'tanh' else ACTIVATIONS[act]


def square(size):
    return isinstance(size, int) or size[0] == size[1]


def vit(model):
    block = model.blocks[0]
    want(kind(model) in ('VisionTransformer', 'VisionTransformerDistilled'), f'its class is {kind(model)}')
    want(kind(block) == 'Block', f'its blocks are {kind(block)}')
    attention = block.attn
    want(kind(attention) == 'Attention', f'its attention is {kind(attention)}')
    want(identity(attention.norm), 'its attention has a norm before the projection')
    want(attention.head_dim * attention.num_heads == model.embed_dim, 'its heads are not as wide as the model')
    want(abs(attention.scale - attention.head_dim ** -0.5) < 1e-9, 'its attention has another scale')
    want(kind(model.patch_embed) == 'PatchEmbed', f'its patch embedding is {kind(model.patch_embed)}')
    want(identity(model.patch_embed.norm), 'its patch embedding has a norm')
    want(model.pos_embed is not None, 'it has no position embedding')
    pool = model.global_pool
    want(pool in POOLINGS, f'its pooling is "{pool}"')
    if pool == 'map':
        head = model.attn_pool
        want(kind(head) == 'AttentionPoolLatent' and head.latent_len == 1 and head.pool == 'token'
             and head.pos_embed is None and not identity(head.q) and identity(head.q_norm)
             and head.num_heads == attention.num_heads and activation(head.mlp) == activation(block.mlp),
             'its attention pooling is another')
    want(pool == 'token' or not model.pool_include_prefix or model.num_prefix_tokens == 0, 'its pooling includes the class token')
    return 'vit', attention.num_heads, epsilon(model), activation(block.mlp), POOLINGS[pool]


def beit(model):
    block = model.blocks[0]
    want(kind(block) == 'Block', f'its blocks are {kind(block)}')
    want(kind(block.attn) == 'Attention', f'its attention is {kind(block.attn)}')
    want(model.global_pool in POOLINGS, f'its pooling is "{model.global_pool}"')
    return 'beit', block.attn.num_heads, epsilon(model), activation(block.mlp), POOLINGS[model.global_pool]


def swin(model):
    want(kind(model) == 'SwinTransformer', f'its class is {kind(model)}')
    want(model.global_pool == 'avg', f'its pooling is "{model.global_pool}"')
    for stage in model.layers:
        for block in stage.blocks:
            attention = block.attn
            want(kind(attention) == 'WindowAttention', f'its attention is {kind(attention)}')
            want(square(attention.window_size) and not block.always_partition, 'its windows are not square')
    return 'swin', '-', epsilon(model), activation(model.layers[0].blocks[0].mlp), 'AVERAGE'


def describe(model):
    try:
        want(square(getattr(model.patch_embed, 'img_size', None) or 1), 'its pictures are not square')
        want(square(model.patch_embed.patch_size) if hasattr(model.patch_embed, 'patch_size') else True, 'its patches are not square')
        if hasattr(model, 'layers'):
            return swin(model)
        return beit(model) if kind(model) == 'Beit' else vit(model)
    except Refused as e:
        return 'refused', str(e)
    except AttributeError as e:
        return 'refused', f'its class is {kind(model)}'


def main():
    print(f'# Architectures of timm {timm.__version__}, written by timm_architectures.py of the tests.')
    rows = {}
    for name in sorted({name for module in MODULES for name in timm.list_models(module=module)}):
        with torch.device('meta'):
            model = timm.create_model(name)
        if any(key in model.state_dict() for key in SIGNATURES):
            rows[name] = ' '.join(str(value) for value in describe(model))
    for former, name in timm.models._registry._deprecated_models.items():
        current = (name or '').split('.')[0]
        if current in rows:
            rows.setdefault(former, rows[current])
    for name, row in sorted(rows.items()):
        print(name, row)


main()

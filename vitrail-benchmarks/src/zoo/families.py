"""The families of the zoo: each a function that builds a small model with random weights and no download."""

from dataclasses import dataclass
from typing import Callable

import torch
from torch import nn

CLASSES = 10

# Whether attention is spelled out: what people do where an exporter fails on the fused one.
eager = False


@dataclass(frozen=True)
class Family:
    """A family: its name, source library, kind of outputs, picture size, and the function that builds the model."""

    name: str
    library: str
    kind: str
    size: int
    build: Callable[[], nn.Module]


class Outputs(nn.Module):
    """Returns some outputs of a Hugging Face model as a tuple of tensors."""

    def __init__(self, model, names, **arguments):
        super().__init__()
        self.model = model
        self.names = names
        self.arguments = arguments

    def forward(self, pixel_values):
        result = self.model(pixel_values=pixel_values, **self.arguments)
        values = tuple(getattr(result, name) for name in self.names)
        return values[0] if len(values) == 1 else values


def timm(name, size, kind="classification", family=None, **arguments):
    def build():
        import timm as library

        library.layers.set_fused_attn(not eager)
        return library.create_model(name, pretrained=False, num_classes=CLASSES if kind == "classification" else 0, **arguments)

    return Family(family or name.split("_")[0], "timm", kind, size, build)


def timm_class(family, path, size, make=lambda module: {}, **arguments):
    """A family whose class takes sizes that its registered names do not let through."""

    def build():
        import importlib

        import timm as library

        library.layers.set_fused_attn(not eager)
        module = importlib.import_module("timm.models." + path.split(".")[0])
        return getattr(module, path.split(".")[1])(num_classes=CLASSES, **arguments, **make(module))

    return Family(family, "timm", "classification", size, build)


def hugging_face(family, model, config, size, outputs, kind, arguments=None, **settings):
    def build():
        import transformers

        configuration = getattr(transformers, config)(**settings_of(settings))
        built = getattr(transformers, model)
        built = built._from_config(configuration, **(dict(attn_implementation="eager") if eager else {}))
        return Outputs(built, outputs.split(), **(arguments or {}))

    return Family(family, "transformers", kind, size, build)


def settings_of(settings):
    """Replaces nested (class name, settings) pairs by configurations."""
    import transformers

    return {
        key: getattr(transformers, value[0])(**settings_of(value[1]))
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)
        else value
        for key, value in settings.items()
    }


PLAIN = dict(hidden_size=64, num_hidden_layers=3, num_attention_heads=4, intermediate_size=128, image_size=64, patch_size=8)
LABELS = dict(num_labels=CLASSES)
TINY_VIT = dict(img_size=64, embed_dim=64, depth=3, num_heads=4)
RESNET = (
    "ResNetConfig",
    dict(embedding_size=16, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 1, 1], layer_type="basic",
         out_features=["stage4"]),
)
RESNET3 = ("ResNetConfig", dict(RESNET[1], out_features=["stage2", "stage3", "stage4"]))
SWIN = dict(image_size=64, patch_size=4, embed_dim=24, depths=[1, 1, 2, 1], num_heads=[2, 2, 4, 4], window_size=4)
SWIN4 = ("SwinConfig", dict(SWIN, out_features=["stage1", "stage2", "stage3", "stage4"]))
PYRAMID = dict(hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 1, 1], num_attention_heads=[1, 2, 2, 4])
DETR = dict(use_timm_backbone=False, use_pretrained_backbone=False, backbone=None, d_model=64, encoder_layers=2,
            decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=128,
            decoder_ffn_dim=128, num_queries=12, num_labels=CLASSES, auxiliary_loss=False)
RT_DETR = dict(encoder_hidden_dim=64, encoder_in_channels=[32, 48, 64], feat_strides=[8, 16, 32], encoder_layers=1,
               encoder_ffn_dim=128, encoder_attention_heads=4, d_model=64, num_queries=20, decoder_in_channels=[64] * 3,
               decoder_ffn_dim=128, num_feature_levels=3, decoder_n_points=4, decoder_layers=2,
               decoder_attention_heads=4, num_denoising=0, num_labels=CLASSES, hidden_expansion=0.5,
               anchor_image_size=None)
RT_BACKBONE = (
    "RTDetrResNetConfig",
    dict(embedding_size=16, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 1, 1], layer_type="basic",
         out_features=["stage2", "stage3", "stage4"]),
)
NECK = dict(neck_hidden_sizes=[16, 24, 32, 48], fusion_hidden_size=32, head_hidden_size=16, reassemble_hidden_size=64)
DINO_BACKBONE = (
    "Dinov2Config",
    dict(PLAIN, num_hidden_layers=4, mlp_ratio=2, out_features=["stage1", "stage2", "stage3", "stage4"], reshape_hidden_states=False),
)


def classifier(family, model, config, **settings):
    return hugging_face(family, model + "ForImageClassification", config + "Config", settings.pop("size", 64), "logits",
                        "classification", **LABELS, **settings)


class Saliency(nn.Module):
    """A saliency network like BiRefNet's: a pyramid of a timm Swin, fused from coarse to fine, and one sigmoid map."""

    def __init__(self):
        super().__init__()
        import timm as library

        self.encoder = library.create_model("swin_tiny_patch4_window7_224", pretrained=False, features_only=True,
                                            img_size=64, window_size=4, embed_dim=24, depths=(1, 1, 2, 1),
                                            num_heads=(2, 2, 4, 4))
        channels = [24, 48, 96, 192]
        self.lateral = nn.ModuleList(nn.Conv2d(c, 32, 1) for c in channels)
        self.smooth = nn.ModuleList(nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU())
                                    for _ in channels)
        self.head = nn.Conv2d(32, 1, 1)

    def forward(self, pixel_values):
        maps = [l(f.permute(0, 3, 1, 2)) for l, f in zip(self.lateral, self.encoder(pixel_values))]
        x = self.smooth[3](maps[3])
        for i in (2, 1, 0):
            x = self.smooth[i](nn.functional.interpolate(x, scale_factor=2.0, mode="bilinear") + maps[i])
        return torch.sigmoid(self.head(nn.functional.interpolate(x, scale_factor=4.0, mode="bilinear")))


def torchvision(name, size, **arguments):
    def build():
        import torchvision.models as library

        return getattr(library, name)(num_classes=CLASSES, **arguments)

    return Family("torchvision " + name, "torchvision", "classification", size, build)


def swin_torchvision():
    from torchvision.models.swin_transformer import SwinTransformer

    return SwinTransformer(patch_size=[4, 4], embed_dim=24, depths=[1, 2], num_heads=[2, 4], window_size=[4, 4],
                           num_classes=CLASSES)


def vit_torchvision():
    from torchvision.models import VisionTransformer

    return VisionTransformer(64, 8, 3, 4, 64, 128, num_classes=CLASSES)


TIMM = [
    timm("vit_tiny_patch16_224", 64, family="ViT", **dict(TINY_VIT, patch_size=8)),
    timm("deit_tiny_distilled_patch16_224", 64, family="DeiT distilled", **dict(TINY_VIT, patch_size=8)),
    timm("deit3_small_patch16_224", 64, family="DeiT III", **dict(TINY_VIT, patch_size=8)),
    timm("beit_base_patch16_224", 64, family="BEiT", **dict(TINY_VIT, patch_size=8)),
    timm("beitv2_base_patch16_224", 64, family="BEiT v2", **dict(TINY_VIT, patch_size=8)),
    timm("eva_large_patch14_196", 56, family="EVA", **dict(TINY_VIT, img_size=56)),
    timm("eva02_tiny_patch14_224", 56, family="EVA-02", **dict(TINY_VIT, img_size=56)),
    timm("cait_xxs24_224", 64, family="CaiT", **dict(TINY_VIT, patch_size=8)),
    timm("xcit_nano_12_p16_224", 64, family="XCiT", **TINY_VIT),
    timm("swin_tiny_patch4_window7_224", 64, family="Swin", img_size=64, window_size=4, embed_dim=24,
         depths=(1, 2, 1), num_heads=(2, 4, 4)),
    timm("swinv2_tiny_window8_256", 64, family="Swin v2", img_size=64, window_size=4, embed_dim=24,
         depths=(1, 2, 1), num_heads=(2, 4, 4)),
    timm("swinv2_cr_tiny_ns_224", 64, family="Swin v2 CR", img_size=64, window_size=4, embed_dim=24,
         depths=(1, 2, 1), num_heads=(2, 4, 4)),
    timm("pvt_v2_b0", 64, family="PVT v2", depths=(1, 1, 1, 1)),
    timm("twins_pcpvt_small", 64, family="Twins-PCPVT", img_size=64, embed_dims=(16, 32, 48, 64), depths=(1, 1, 1, 1),
         num_heads=(1, 2, 3, 4)),
    timm("twins_svt_small", 64, family="Twins-SVT", img_size=64, embed_dims=(16, 32, 64, 64), depths=(1, 1, 2, 1),
         wss=(4, 4, 4, 4)),
    timm("maxvit_pico_rw_256", 128, family="MaxViT", img_size=128, depths=(1, 1, 1, 1)),
    timm("coatnet_pico_rw_224", 128, family="CoAtNet", img_size=128, depths=(1, 1, 2, 1)),
    timm("coat_lite_tiny", 64, family="CoaT", img_size=64),
    timm("levit_128s", 128, family="LeViT", img_size=128),
    timm("efficientformer_l1", 224, family="EfficientFormer", depths=(1, 1, 1, 2)),
    timm("efficientformerv2_s0", 128, family="EfficientFormer v2", img_size=128, depths=(1, 1, 2, 2)),
    timm("efficientvit_b0", 64, family="EfficientViT (MIT)"),
    timm("efficientvit_m0", 128, family="EfficientViT (MSRA)", img_size=128),
    timm("fastvit_sa12", 64, family="FastViT", layers=(1, 1, 1, 1)),
    timm("mobilevit_xxs", 64, family="MobileViT"),
    timm("mobilevitv2_050", 64, family="MobileViT v2"),
    timm_class("MViT v2", "mvitv2.MultiScaleVit", 64, img_size=(64, 64),
               make=lambda m: dict(cfg=m.MultiScaleVitCfg(embed_dim=32, depths=(1, 1, 2, 1)))),
    timm("hiera_tiny_224", 64, family="Hiera", img_size=(64, 64), embed_dim=32, stages=(1, 1, 2, 1)),
    timm("convit_tiny", 64, family="ConViT", **dict(TINY_VIT, patch_size=8, local_up_to_layer=2)),
    timm("crossvit_9_240", 120, family="CrossViT", img_size=120, embed_dim=(32, 64), depth=((1, 2, 0), (1, 2, 0)),
         num_heads=(2, 4)),
    timm_class("PiT", "pit.PoolingVisionTransformer", 64, img_size=64, patch_size=8, stride=4, base_dims=(16, 16, 16),
               depth=(1, 1, 1), heads=(2, 4, 8), mlp_ratio=2),
    timm("tnt_s_patch16_224", 64, family="TNT", img_size=64, embed_dim=64, inner_dim=16, depth=2, num_heads_inner=2,
         num_heads_outer=4),
    timm_class("NesT", "nest.Nest", 64, img_size=64, patch_size=4, embed_dims=(32, 48, 64), depths=(1, 1, 2),
               num_heads=(2, 2, 4)),
    timm("visformer_tiny", 64, family="Visformer", img_size=64, depth=(1, 1, 1)),
    timm_class("VOLO", "volo.VOLO", 64, img_size=64, embed_dims=(32, 64, 64, 64), layers=(1, 1, 2, 1),
               num_heads=(2, 4, 4, 4)),
    timm_class("GC ViT", "gcvit.GlobalContextVit", 128, img_size=128, depths=(1, 1, 1, 1), embed_dim=32,
               num_heads=(2, 2, 4, 4)),
    timm("edgenext_xx_small", 64, family="EdgeNeXt"),
    timm_class("FocalNet", "focalnet.FocalNet", 64, embed_dim=32, depths=(1, 1, 2, 1)),
    timm_class("TinyViT", "tiny_vit.TinyVit", 64, embed_dims=(32, 64, 64, 96), depths=(1, 1, 2, 1),
               num_heads=(2, 4, 4, 4)),
    timm("repvit_m0_9", 64, family="RepViT"),
    timm("davit_tiny", 64, family="DaViT", embed_dims=(32, 64, 96, 128), depths=(1, 1, 1, 1), num_heads=(2, 4, 4, 4)),
    timm("sequencer2d_s", 64, family="Sequencer", img_size=64, layers=(1, 1, 1, 1), embed_dims=(32, 64, 64, 64)),
    timm_class("PoolFormer", "metaformer.MetaFormer", 64, depths=(1, 1, 2, 1), dims=(16, 32, 64, 96)),
    timm_class("CAFormer", "metaformer.MetaFormer", 64, depths=(1, 1, 2, 1), dims=(32, 32, 64, 96),
               make=lambda m: dict(token_mixers=[m.SepConv] * 2 + [m.Attention] * 2,
                                   norm_layers=[m.LayerNorm2dNoBias] * 2 + [m.LayerNormNoBias] * 2)),
    timm("samvit_base_patch16", 128, kind="dense", family="SAM encoder", img_size=128, embed_dim=64, depth=3,
         num_heads=4, global_attn_indexes=(1,), window_size=4, neck_chans=32),
    timm("vit_base_patch16_siglip_224", 64, kind="embedding", family="SigLIP", **dict(TINY_VIT, patch_size=8)),
    timm("vit_base_patch16_clip_224", 64, family="CLIP (timm)", **dict(TINY_VIT, patch_size=8)),
    timm("vit_small_patch14_reg4_dinov2", 56, kind="embedding", family="DINOv2 with registers", **dict(TINY_VIT, img_size=56, patch_size=14)),
    timm("vit_small_patch16_dinov3", 64, kind="embedding", family="DINOv3", **dict(TINY_VIT, patch_size=8)),
    timm("vit_relpos_small_patch16_224", 64, family="ViT relative positions", **dict(TINY_VIT, patch_size=8)),
    timm("vit_small_patch16_rope_224", 64, family="ViT RoPE", **dict(TINY_VIT, patch_size=8)),
    timm("vit_tiny_r_s16_p8_224", 128, family="ViT hybrid (ResNet stem)", **dict(TINY_VIT, img_size=128)),
    timm("flexivit_small", 64, family="FlexiViT", **dict(TINY_VIT, patch_size=8)),
    timm("nextvit_small", 64, family="NextViT"),
    timm("swiftformer_xs", 64, family="SwiftFormer", layers=(1, 1, 2, 1), embed_dims=(24, 32, 48, 64)),
    timm("botnet26t_256", 128, family="BoTNet", img_size=128),
    timm("halonet26t", 256, family="HaloNet"),
    timm("mobilenetv4_hybrid_medium", 64, family="MobileNet v4 hybrid"),
    timm("vitamin_small_224", 64, family="ViTamin", img_size=64),
    timm("shvit_s1", 128, family="SHViT"),
    timm_class("MLP-Mixer", "mlp_mixer.MlpMixer", 64, img_size=64, patch_size=8, num_blocks=2, embed_dim=64),
    timm_class("ResMLP", "mlp_mixer.MlpMixer", 64, img_size=64, patch_size=8, num_blocks=2, embed_dim=64,
               mlp_ratio=4, make=lambda m: dict(block_layer=m.ResBlock, norm_layer=m.Affine)),
    timm_class("gMLP", "mlp_mixer.MlpMixer", 64, img_size=64, patch_size=8, num_blocks=2, embed_dim=64, mlp_ratio=6,
               make=lambda m: dict(block_layer=m.SpatialGatingBlock, mlp_layer=m.GatedMlp)),
    timm("convnext_atto", 64, family="ConvNeXt", depths=(1, 1, 2, 1)),
]

HUGGING_FACE = [
    classifier("ViT (HF)", "ViT", "ViT", **PLAIN),
    hugging_face("DeiT with teacher (HF)", "DeiTForImageClassificationWithTeacher", "DeiTConfig", 64, "logits",
                 "classification", **PLAIN, **LABELS),
    classifier("BEiT (HF)", "Beit", "Beit", **PLAIN, use_relative_position_bias=True, use_absolute_position_embeddings=False, layer_scale_init_value=0.1),
    hugging_face("BEiT segmentation", "BeitForSemanticSegmentation", "BeitConfig", 64, "logits", "dense",
                 **dict(PLAIN, num_hidden_layers=4, out_indices=[1, 2, 3, 4]), **LABELS, use_auxiliary_head=False, pool_scales=[1, 2, 4]),
    classifier("Data2Vec Vision", "Data2VecVision", "Data2VecVision", **PLAIN, use_relative_position_bias=True),
    classifier("ViT-MSN", "ViTMSN", "ViTMSN", **PLAIN),
    hugging_face("ViT-MAE", "ViTMAEModel", "ViTMAEConfig", 64, "last_hidden_state", "embedding",
                 arguments=dict(noise=torch.linspace(0, 1, 64)[None]), **PLAIN, mask_ratio=0.0),
    classifier("Swin (HF)", "Swin", "Swin", **dict(SWIN, depths=[1, 2, 1], num_heads=[2, 2, 4])),
    classifier("Swin v2 (HF)", "Swinv2", "Swinv2", **dict(SWIN, depths=[1, 2, 1], num_heads=[2, 2, 4])),
    hugging_face("Swin2SR", "Swin2SRForImageSuperResolution", "Swin2SRConfig", 32, "reconstruction", "dense",
                 image_size=32, embed_dim=32, depths=[2, 2], num_heads=[2, 2], window_size=8, upscale=2,
                 upsampler="pixelshuffledirect"),
    classifier("LeViT (HF)", "Levit", "Levit", size=128, image_size=128, hidden_sizes=[32, 48, 64], num_attention_heads=[2, 3, 4], depths=[1, 1, 1], key_dim=[8, 8, 8]),
    classifier("CvT", "Cvt", "Cvt", embed_dim=[16, 32, 64], num_heads=[1, 2, 4], depth=[1, 2, 3]),
    classifier("PVT", "Pvt", "Pvt", image_size=64, **PYRAMID),
    classifier("PVT v2 (HF)", "PvtV2", "PvtV2", image_size=64, **PYRAMID),
    classifier("PoolFormer (HF)", "PoolFormer", "PoolFormer", hidden_sizes=[16, 24, 32, 48], depths=[1, 1, 2, 1]),
    classifier("FocalNet (HF)", "FocalNet", "FocalNet", image_size=64, embed_dim=24, depths=[1, 1, 2, 1], hidden_sizes=[24, 48, 96, 192]),
    classifier("Hiera (HF)", "Hiera", "Hiera", image_size=[64, 64], embed_dim=32, depths=[1, 1, 2, 1], num_heads=[1, 2, 4, 8]),
    classifier("SwiftFormer (HF)", "SwiftFormer", "SwiftFormer", image_size=64, depths=[1, 1, 2, 1], embed_dims=[24, 32, 48, 64]),
    classifier("MobileViT (HF)", "MobileViT", "MobileViT", image_size=64, hidden_sizes=[32, 40, 48], neck_hidden_sizes=[8, 16, 24, 32, 40, 48, 64], num_attention_heads=2),
    hugging_face("MobileViT v2 segmentation", "MobileViTV2ForSemanticSegmentation", "MobileViTV2Config", 64, "logits",
                 "dense", image_size=64, width_multiplier=0.5, aspp_out_channels=32, **LABELS),
    hugging_face("MobileViT segmentation", "MobileViTForSemanticSegmentation", "MobileViTConfig", 64, "logits",
                 "dense", image_size=64, hidden_sizes=[32, 40, 48], neck_hidden_sizes=[8, 16, 24, 32, 40, 48, 64],
                 num_attention_heads=2, aspp_out_channels=32, **LABELS),
    hugging_face("Perceiver", "PerceiverForImageClassificationConvProcessing", "PerceiverConfig", 64, "logits",
                 "classification", num_latents=16, d_latents=64, d_model=322, num_blocks=1, num_self_attends_per_block=2,
                 num_self_attention_heads=4, num_cross_attention_heads=1, **LABELS),
    classifier("DINOv2 (HF)", "Dinov2", "Dinov2", **PLAIN, mlp_ratio=2),
    hugging_face("DINOv2 registers (HF)", "Dinov2WithRegistersModel", "Dinov2WithRegistersConfig", 64,
                 "last_hidden_state pooler_output", "embedding", **PLAIN, mlp_ratio=2, num_register_tokens=4),
    hugging_face("DINOv3 (HF)", "DINOv3ViTModel", "DINOv3ViTConfig", 64, "last_hidden_state pooler_output", "embedding",
                 **PLAIN, num_register_tokens=4),
    hugging_face("I-JEPA", "IJepaModel", "IJepaConfig", 64, "last_hidden_state", "embedding", **PLAIN),
    hugging_face("CLIP vision", "CLIPVisionModelWithProjection", "CLIPVisionConfig", 64, "image_embeds", "embedding",
                 **PLAIN, projection_dim=32),
    hugging_face("SigLIP vision", "SiglipVisionModel", "SiglipVisionConfig", 64, "last_hidden_state pooler_output",
                 "embedding", **PLAIN),
    hugging_face("AIMv2", "Aimv2VisionModel", "Aimv2VisionConfig", 64, "last_hidden_state", "embedding", **PLAIN),
    hugging_face("BLIP vision", "BlipVisionModel", "BlipVisionConfig", 64, "last_hidden_state pooler_output",
                 "embedding", **PLAIN),
    hugging_face("GroupViT vision", "GroupViTVisionModel", "GroupViTVisionConfig", 64, "pooler_output",
                 "embedding", hidden_size=64, depths=[2, 1, 1], num_hidden_layers=4, num_group_tokens=[16, 4, 0],
                 num_output_groups=[16, 4, 0], num_attention_heads=4, intermediate_size=128, image_size=64, patch_size=8),
    hugging_face("InternVL vision", "InternVLVisionModel", "InternVLVisionConfig", 64, "last_hidden_state", "embedding",
                 hidden_size=64, num_hidden_layers=3, num_attention_heads=4, intermediate_size=128,
                 image_size=[64, 64], patch_size=[8, 8]),
    hugging_face("OWL-ViT vision", "OwlViTVisionModel", "OwlViTVisionConfig", 64, "last_hidden_state pooler_output",
                 "embedding", **PLAIN),
    hugging_face("MLCD vision", "MLCDVisionModel", "MLCDVisionConfig", 64, "last_hidden_state", "embedding", **PLAIN),
    hugging_face("SAM vision", "SamVisionModel", "SamVisionConfig", 64, "last_hidden_state", "dense",
                 **dict(PLAIN, mlp_dim=128, output_channels=32, window_size=4, global_attn_indexes=[1], num_pos_feats=16)),
    hugging_face("Segformer", "SegformerForSemanticSegmentation", "SegformerConfig", 64, "logits", "dense",
                 **PYRAMID, decoder_hidden_size=32, **LABELS),
    hugging_face("GLPN", "GLPNForDepthEstimation", "GLPNConfig", 64, "predicted_depth", "dense",
                 **PYRAMID, decoder_hidden_size=16),
    hugging_face("DPT depth", "DPTForDepthEstimation", "DPTConfig", 64, "predicted_depth", "dense",
                 **dict(PLAIN, num_hidden_layers=4, backbone_out_indices=[0, 1, 2, 3]), neck_hidden_sizes=[16, 24, 32, 48],
                 fusion_hidden_size=32, is_hybrid=False),
    hugging_face("DPT segmentation", "DPTForSemanticSegmentation", "DPTConfig", 64, "logits", "dense",
                 **dict(PLAIN, num_hidden_layers=4, backbone_out_indices=[0, 1, 2, 3]), neck_hidden_sizes=[16, 24, 32, 48],
                 fusion_hidden_size=32, is_hybrid=False, use_auxiliary_head=False, **LABELS),
    hugging_face("Depth Anything", "DepthAnythingForDepthEstimation", "DepthAnythingConfig", 64, "predicted_depth",
                 "dense", backbone_config=DINO_BACKBONE, patch_size=8, **NECK),
    hugging_face("ZoeDepth", "ZoeDepthForDepthEstimation", "ZoeDepthConfig", 64, "predicted_depth", "dense",
                 backbone_config=("BeitConfig", dict(PLAIN, num_hidden_layers=4, reshape_hidden_states=False,
                                                     out_features=["stage1", "stage2", "stage3", "stage4"])),
                 neck_hidden_sizes=[16, 24, 32, 48], fusion_hidden_size=32, bottleneck_features=32,
                 num_relative_features=16,
                 bin_embedding_dim=16, num_attractors=[4, 2, 2, 1],
                 bin_configurations=[dict(n_bins=8, min_depth=0.001, max_depth=10.0)]),
    hugging_face("UperNet", "UperNetForSemanticSegmentation", "UperNetConfig", 64, "logits", "dense",
                 backbone_config=SWIN4, hidden_size=32, use_auxiliary_head=False, pool_scales=[1, 2], **LABELS),
    hugging_face("MaskFormer", "MaskFormerForInstanceSegmentation", "MaskFormerConfig", 64,
                 "class_queries_logits masks_queries_logits", "masks", backbone_config=SWIN4, fpn_feature_size=32,
                 mask_feature_size=32,
                 decoder_config=("DetrConfig", dict(DETR, d_model=32, num_queries=10)), **LABELS),
    hugging_face("Mask2Former", "Mask2FormerForUniversalSegmentation", "Mask2FormerConfig", 64,
                 "class_queries_logits masks_queries_logits", "masks", backbone_config=SWIN4, feature_size=32,
                 mask_feature_size=32, hidden_dim=32, encoder_feedforward_dim=64, dim_feedforward=64, encoder_layers=2,
                 decoder_layers=3, num_attention_heads=4, num_queries=10, **LABELS),
    hugging_face("EoMT", "EomtForUniversalSegmentation", "EomtConfig", 64,
                 "class_queries_logits masks_queries_logits", "masks", **dict(PLAIN, num_hidden_layers=4), num_blocks=2,
                 num_queries=10, num_register_tokens=1, **LABELS),
    hugging_face("DETR", "DetrForObjectDetection", "DetrConfig", 64, "logits pred_boxes", "detection",
                 backbone_config=RESNET, **DETR),
    hugging_face("Conditional DETR", "ConditionalDetrForObjectDetection", "ConditionalDetrConfig", 64,
                 "logits pred_boxes", "detection", backbone_config=RESNET, **DETR),
    hugging_face("DAB-DETR", "DabDetrForObjectDetection", "DabDetrConfig", 64, "logits pred_boxes", "detection",
                 backbone_config=RESNET, **{k.replace("d_model", "hidden_size"): v for k, v in DETR.items()}),
    hugging_face("Deformable DETR", "DeformableDetrForObjectDetection", "DeformableDetrConfig", 64,
                 "logits pred_boxes", "detection", backbone_config=RESNET3, num_feature_levels=3, **DETR,
                 two_stage=False),
    hugging_face("Table Transformer", "TableTransformerForObjectDetection", "TableTransformerConfig", 64,
                 "logits pred_boxes", "detection", backbone_config=RESNET, **DETR),
    hugging_face("RT-DETR", "RTDetrForObjectDetection", "RTDetrConfig", 64, "logits pred_boxes", "detection",
                 backbone_config=RT_BACKBONE, **RT_DETR),
    hugging_face("RT-DETR v2", "RTDetrV2ForObjectDetection", "RTDetrV2Config", 64, "logits pred_boxes", "detection",
                 backbone_config=RT_BACKBONE, **RT_DETR),
    hugging_face("D-FINE", "DFineForObjectDetection", "DFineConfig", 64, "logits pred_boxes", "detection",
                 backbone_config=("HGNetV2Config", dict(
                     stem_channels=[3, 8, 16], stage_in_channels=[16, 32, 48, 64], stage_mid_channels=[8, 16, 16, 24],
                     stage_out_channels=[32, 48, 64, 96], stage_num_blocks=[1, 1, 1, 1], stage_numb_of_layers=[2, 2, 2, 2],
                     out_features=["stage2", "stage3", "stage4"])),
                 **dict({k: v for k, v in RT_DETR.items() if k not in ("num_feature_levels",)}, num_feature_levels=3,
                        encoder_in_channels=[48, 64, 96], decoder_n_points=[3, 4, 3])),
    hugging_face("YOLOS", "YolosForObjectDetection", "YolosConfig", 64, "logits pred_boxes", "detection",
                 **dict(PLAIN, image_size=[64, 64]), num_detection_tokens=10, use_mid_position_embeddings=False, **LABELS),
    hugging_face("ViTPose", "VitPoseForPoseEstimation", "VitPoseConfig", 64, "heatmaps", "dense",
                 backbone_config=("VitPoseBackboneConfig", dict(PLAIN, image_size=[64, 64], patch_size=[8, 8], num_experts=1,
                                                              out_features=["stage3"])),
                 **LABELS),
    hugging_face("ViTDet", "VitDetModel", "VitDetConfig", 64, "last_hidden_state", "dense",
                 hidden_size=64, num_hidden_layers=3, num_attention_heads=4, mlp_ratio=2, image_size=64, patch_size=8,
                 pretrain_image_size=64, window_block_indices=[0, 1], window_size=4, use_relative_position_embeddings=True),
    hugging_face("Donut encoder", "DonutSwinModel", "DonutSwinConfig", 64, "last_hidden_state", "embedding",
                 **dict(SWIN, depths=[1, 2, 1], num_heads=[2, 2, 4])),
    hugging_face("MGP-STR", "MgpstrModel", "MgpstrConfig", 64, "last_hidden_state", "embedding", image_size=[32, 64],
                 patch_size=4, hidden_size=64, num_hidden_layers=3, num_attention_heads=4),
    hugging_face("VideoMAE (video)", "VideoMAEForVideoClassification", "VideoMAEConfig", 64, "logits", "video",
                 **dict(PLAIN, num_frames=4), **LABELS),
]

TORCHVISION = [
    Family("ViT (torchvision)", "torchvision", "classification", 64, vit_torchvision),
    Family("Swin (torchvision)", "torchvision", "classification", 64, swin_torchvision),
    Family("Saliency (BiRefNet's kind)", "torch", "dense", 64, Saliency),
]

FAMILIES = TIMM + HUGGING_FACE + TORCHVISION

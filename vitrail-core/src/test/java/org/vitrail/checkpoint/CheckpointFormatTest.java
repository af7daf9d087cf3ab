package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.Model;
import org.vitrail.PreprocessingOrigin;
import org.vitrail.image.ResizeMode;
import org.vitrail.testing.Shared;

@Tag("shared")
class CheckpointFormatTest {
    @Test
    void readsWhatHuggingFaceSavesBesideACheckpoint() {
        Model model = Model.open(Shared.path("models/small-checkpoints/hf-vit"));

        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.FILES);
        assertThat(model.preprocessing().sizing())
                .isEqualTo(new ResizeMode.Exact(model.input().size().orElseThrow()));
        assertThat(model.classNames()).hasSize(model.classes().orElseThrow());
    }
}

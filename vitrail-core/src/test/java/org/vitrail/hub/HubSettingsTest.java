package org.vitrail.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.tensor.VitrailException;

/** Tests the input of users: names of models, and environment variables. */
class HubSettingsTest {
    @Test
    void readsNamesOfModels() {
        assertThat(HubReference.parse("hf:facebook/deit-tiny-patch16-224"))
                .isEqualTo(new HubReference("facebook/deit-tiny-patch16-224", "main"));
        assertThat(HubReference.parse("hf:timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k@refs/pr/3"))
                .isEqualTo(new HubReference("timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k", "refs/pr/3"));
        assertThat(HubReference.parse("hf:gpt2@v1.0").name()).isEqualTo("gpt2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../x",
                "a/..",
                "a/../b",
                "/a",
                "a/",
                "a//b",
                "a/b/c",
                ".a/b",
                "a/.b",
                "a/b.",
                "-a/b",
                "a/b-",
                "a--b/c",
                "a\\b",
                "a/b\\..\\c",
                "a:b/c",
                "a/b c",
                "a/b\n",
                "a/b\u0000",
                "a/bé",
                "a/b%2e%2e",
                "a/b?x=1",
                "a/b#c",
                "a/b@",
                "a/b@..",
                "a/b@../..",
                "a/b@/etc",
                "a/b@x/../y",
                "a/b@x//y",
                "a/b@x/",
                "a/b@.git",
                "a/b@x/.y",
                "a/b@x.",
                "a/b@x\\y",
                "a/b@x y",
                "a/b@x%2F..",
                "a/b@x@y",
                "a/b@-x"
            })
    void refusesNamesThatNoModelHas(String name) {
        assertThatThrownBy(() -> HubReference.parse("hf:" + name)).isInstanceOf(VitrailException.class);
    }

    @Test
    void refusesEndlessNames() {
        assertThatThrownBy(() -> HubReference.parse("hf:" + "a".repeat(100_000)))
                .isInstanceOf(VitrailException.class);
    }

    @Test
    void findsTheCacheWhereTheEnvironmentPutsIt() {
        assertThat(cache("VITRAIL_CACHE", "/v", "XDG_CACHE_HOME", "/x", "HOME", "/h"))
                .isEqualTo(Path.of("/v").toAbsolutePath());
        assertThat(cache("XDG_CACHE_HOME", "/x", "HOME", "/h"))
                .isEqualTo(Path.of("/x/vitrail").toAbsolutePath());
        assertThat(cache("VITRAIL_CACHE", " ", "XDG_CACHE_HOME", "relative", "HOME", "/h"))
                .isEqualTo(Path.of("/h/.cache/vitrail").toAbsolutePath());
    }

    @Test
    void refusesAHomeThatIsNoFolderOfTheMachine() {
        assertThatThrownBy(() -> settings("HOME", "?"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("VITRAIL_CACHE");
        assertThat(cache("HOME", "?", "VITRAIL_CACHE", "/v"))
                .isEqualTo(Path.of("/v").toAbsolutePath());
    }

    private static Path cache(String... environment) {
        return settings(environment).cache();
    }

    private static HubSettings settings(String... environment) {
        Map<String, String> map = new HashMap<>(Map.of("HOME", "/home/someone"));
        for (int i = 0; i < environment.length; i += 2) {
            map.put(environment[i], environment[i + 1]);
        }
        return HubSettings.ofEnvironment(map);
    }

    @Test
    void usesHuggingFaceOverHttpsUnlessToldOtherwise() {
        assertThat(settings().endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings().token()).isEmpty();
        assertThat(settings().offline()).isFalse();
        assertThat(settings("HF_HUB_OFFLINE", "0").offline()).isFalse();
        assertThat(settings("HF_HUB_OFFLINE", "TRUE").offline()).isTrue();
        assertThat(settings("HF_ENDPOINT", "https://hub.example.org/mirror/").endpoint())
                .hasToString("https://hub.example.org/mirror");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "huggingface.co",
                "ftp://hub.example.org",
                "https://",
                "https://a b",
                "https://user:x@hub",
                "https://hub?x"
            })
    void refusesAddressesThatAreNoHub(String address) {
        assertThatThrownBy(() -> settings("HF_ENDPOINT", address))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void neverShowsTheToken() {
        assertThat(settings("HF_TOKEN", "hf_secret").toString()).doesNotContain("secret");
        assertThatThrownBy(() -> settings("HF_TOKEN", "hf_secret\nX: y"))
                .isInstanceOf(VitrailException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> settings("HF_TOKEN", "hf_secret", "HF_ENDPOINT", "http://hub.example.org"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("use https")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesRedirectsThatLeaveHttps() {
        URI from = URI.create("https://hub.example.org/a/b");
        assertThat(RedirectPolicy.target(from, Optional.of("../c"))).hasToString("https://hub.example.org/c");
        assertThat(RedirectPolicy.target(from, Optional.of("//other.example.org/c")))
                .hasToString("https://other.example.org/c");
        assertThatThrownBy(() -> RedirectPolicy.target(from, Optional.of("http://hub.example.org/c")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("from https to http");
    }

    @Test
    void knowsServersByNameSchemeAndPort() {
        URI hub = URI.create("https://hub.example.org");
        assertThat(RedirectPolicy.isSameServer(URI.create("https://HUB.example.org:443/x"), hub))
                .isTrue();
        for (String other : new String[] {
            "https://hub.example.org:444/",
            "http://hub.example.org/",
            "https://hub.example.org.evil.org/",
            "https://evil.org/hub.example.org"
        }) {
            assertThat(RedirectPolicy.isSameServer(URI.create(other), hub)).isFalse();
        }
    }

    /** The values of {@code git hash-object} and {@code sha256sum}. */
    @Test
    void countsChecksumsAsGitAndSha256sumDo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("hello"), "hello\n");
        for (String tag : new String[] {
            "\"ce013625030ba8dba906f756967f9e9ca394464a\"",
            "W/\"5891B5B522D5DF086D0FF0B110FBD9D21BB4FC7163AF34D08286A2E846F6BE03\""
        }) {
            Checksum checksum = Checksum.ofEntityTag(tag).orElseThrow();
            assertThat(checksum.of(file)).isEqualTo(checksum);
        }
        assertThat(Checksum.ofEntityTag("\"d41d8cd98f00b204e9800998ecf8427e\"")).isEmpty();
    }
}

package org.vitrail.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrail.tensor.VitrailException;

/**
 * Downloads one file's content into the cache: resumes an interrupted download, retries with exponential back-off as
 * long as new bytes arrive, writes no more bytes than announced, and rejects content with another checksum.
 */
final class Download {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /** After this many new bytes, earlier failures are no longer counted. */
    private static final long MIN_PROGRESS_BYTES = 1 << 20;

    private final HubClient client;
    private final RemoteFile file;
    private final DownloadProgress megabytes;
    private final RetryPolicy retryPolicy;
    private boolean knowsRanges = true;
    private boolean patched;

    Download(HubClient client, RemoteFile file, DownloadProgress megabytes, RetryPolicy retryPolicy) {
        this.client = client;
        this.file = file;
        this.megabytes = megabytes;
        this.retryPolicy = retryPolicy;
    }

    /**
     * Fills {@code partial} and moves it to {@code target}.
     *
     * @throws VitrailException if size or content differ from what the hub announced
     * @throws NetworkException if the connection fails repeatedly; the bytes received stay in {@code partial}
     */
    void to(Path partial, Path target) throws IOException {
        while (true) {
            try (FileChannel channel = FileChannel.open(
                    partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                patched = channel.size() > 0 && knowsRanges;
                fill(channel);
                channel.force(true);
            }
            Checksum came = file.checksum().of(partial);
            if (came.equals(file.checksum())) {
                RepositoryCache.move(partial, target);
                return;
            }
            Files.delete(partial);
            if (!patched) {
                throw VitrailException.retryable(
                        file.path() + " came with the checksum " + came.hex() + " where the hub has "
                                + file.checksum().hex() + ": it was changed or damaged on the way; try again, or check"
                                + " HF_ENDPOINT",
                        null);
            }
            // The parts may come from different contents; a download in one response must match.
            knowsRanges = false;
        }
    }

    /** Repeats transfers until the file is complete. */
    private void fill(FileChannel channel) throws IOException {
        ExponentialBackoff retries = new ExponentialBackoff(retryPolicy);
        long most = channel.size();
        while (channel.size() != file.size()) {
            try {
                transfer(channel);
            } catch (IOException e) {
                long size = channel.size();
                if (size >= most + MIN_PROGRESS_BYTES) {
                    most = size;
                    retries.begin();
                }
                retries.pauseAfter(NetworkException.of(file.address().getHost(), e));
            }
        }
    }

    /** Appends the body of one response to the file. */
    private void transfer(FileChannel channel) throws IOException {
        if (channel.size() > file.size() || !knowsRanges) {
            channel.truncate(0);
        }
        try (HubResponse reply = client.get(file.address(), channel.size())) {
            switch (reply.status()) {
                case 200 -> {
                    channel.truncate(0);
                    patched = false;
                }
                case 206 -> {
                    requireTheRest(reply, channel);
                    patched = true;
                }
                case 416 -> {
                    channel.truncate(0);
                    throw new IOException("the server does not have the requested range");
                }
                default ->
                    throw new VitrailException(reply.address().getHost() + " answered " + reply.status()
                            + " to a request for " + file.path() + ": check HF_ENDPOINT, or try again later");
            }
            requireSize(reply.length(), channel.size());
            copy(reply, channel);
        }
    }

    private void requireTheRest(HubResponse reply, FileChannel channel) throws IOException {
        Matcher range = CONTENT_RANGE.matcher(reply.header("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != channel.size()) {
            knowsRanges = false;
            throw new IOException("the server sent another range than requested");
        }
        if (!range.group(2).equals("*")) {
            requireSize(HubResponse.number(Optional.of(range.group(2))), 0);
        }
    }

    private void requireSize(OptionalLong announced, long before) {
        if (announced.isPresent() && announced.getAsLong() + before != file.size()) {
            throw wrongSize(announced.getAsLong() + before);
        }
    }

    private VitrailException wrongSize(long bytes) {
        return VitrailException.retryable(
                file.path() + " comes with " + bytes + " bytes or more where the hub has " + file.size()
                        + ": it is not the same file; try again, or check HF_ENDPOINT",
                null);
    }

    private void copy(HubResponse reply, FileChannel channel) throws IOException {
        channel.position(channel.size());
        byte[] buffer = new byte[BUFFER_BYTES];
        InputStream in = reply.body();
        try (IdleTimeout guard = new IdleTimeout(reply, retryPolicy.silence())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                guard.heard(read);
                if (channel.position() + read > file.size()) {
                    throw wrongSize(channel.position() + read);
                }
                write(channel, ByteBuffer.wrap(buffer, 0, read));
                megabytes.reached(file, channel.position());
            }
        }
        if (channel.size() != file.size()) {
            throw new IOException("the connection ended early");
        }
    }

    /** Writes to the cache; an error such as a full disk is final, because retrying does not help. */
    private void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new VitrailException(
                    file.path() + " cannot be written into the cache: " + e.getMessage()
                            + "; set VITRAIL_CACHE to use another folder",
                    e);
        }
    }
}

package org.vitrail.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names temporary files, {@code .NAME.PROCESS-TIME.tmp} beside the target NAME, and removes those of killed processes. A
 * process locks its temporary file while it writes, so that processes of other containers, whose numbers are not known
 * here, are recognised too.
 */
final class TemporaryFiles {
    private TemporaryFiles() {}

    /** Returns a unique temporary name in the target's folder. */
    static Path beside(Path target) {
        Path temporary = target.resolveSibling("." + target.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + ".tmp");
        temporary.toFile().deleteOnExit();
        return temporary;
    }

    /** Locks a temporary file until its channel is closed, where the file system has locks. */
    static void markInUse(FileChannel channel) {
        try {
            channel.tryLock();
        } catch (IOException e) {
            // Without locks, the process number alone says that the file is in use.
        }
    }

    /** Deletes the temporary files that processes which have ended left beside the target. */
    static void sweep(Path target) {
        Pattern name = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "(\\d{1,18})-[0-9a-f]+\\.tmp");
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(target.getParent())) {
            for (Path file : folder) {
                Matcher matcher = name.matcher(file.getFileName().toString());
                if (matcher.matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && !isRunning(Long.parseLong(matcher.group(1)))
                        && !isLocked(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A stray file does no harm beyond the space that it takes.
        }
    }

    private static boolean isRunning(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
    }

    private static boolean isLocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}

package io.github.scyllapgcdc.dev;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.tooling.maven.MavenArtifact;
import org.apache.camel.tooling.maven.MavenDownloaderImpl;
import org.apache.camel.tooling.maven.MavenResolutionException;
import org.apache.camel.tooling.maven.RemoteArtifactDownloadListener;

/**
 * Finds the servers' jars through the user's own Maven settings and local repository, so that no server is among the
 * application's dependencies. The network is asked only for what the local repository does not have.
 */
final class Libraries implements AutoCloseable {
    private final StackListener listener;
    private final PropertiesFile found;
    private MavenDownloaderImpl local;
    private MavenDownloaderImpl remote;

    /**
     * @param found remembers where everything was found, since Maven takes seconds to say it again; all in it that is
     *     not there any more is looked for anew
     */
    Libraries(Path found, StackListener listener) {
        this.found = new PropertiesFile(found);
        this.listener = listener;
    }

    /** These artifacts ({@code group:artifact:version}) and all they need, as a class path. */
    List<Path> classPath(String... coordinates) {
        return resolve(true, coordinates);
    }

    /** One file, without what it needs: {@code group:artifact:version} or {@code group:artifact:type:classifier:version}. */
    Path file(String coordinates) {
        return resolve(false, coordinates).get(0);
    }

    private List<Path> resolve(boolean transitively, String... coordinates) {
        List<String> wanted = Arrays.asList(coordinates);
        String key = String.join(" ", wanted);
        List<Path> known = remembered(key);
        if (!known.isEmpty() && known.stream().allMatch(Files::exists)) {
            return known;
        }
        List<Path> files = ask(transitively, wanted);
        remember(key, files);
        return files;
    }

    private synchronized List<Path> remembered(String key) {
        return found.get(key)
                .map(paths -> Stream.of(paths.split(File.pathSeparator, -1))
                        .map(Path::of)
                        .toList())
                .orElse(List.of());
    }

    private synchronized void remember(String key, List<Path> files) {
        found.put(key, files.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }

    private List<Path> ask(boolean transitively, List<String> wanted) {
        try {
            return files(local(), wanted, transitively);
        } catch (MavenResolutionException notCached) {
            try {
                return files(remote(), wanted, transitively);
            } catch (MavenResolutionException e) {
                throw new StackException(
                        "Cannot fetch " + String.join(", ", wanted) + " through Maven: " + e.getMessage()
                                + ". Check the network, or the mirror in ~/.m2/settings.xml",
                        e);
            }
        }
    }

    private static List<Path> files(MavenDownloaderImpl from, List<String> wanted, boolean transitively)
            throws MavenResolutionException {
        return from.resolveArtifacts(wanted, Set.of(), transitively, false).stream()
                .map(MavenArtifact::getFile)
                .map(File::toPath)
                .toList();
    }

    private synchronized MavenDownloaderImpl local() {
        if (local == null) {
            local = downloader(true);
        }
        return local;
    }

    private synchronized MavenDownloaderImpl remote() {
        if (remote == null) {
            remote = downloader(false);
        }
        return remote;
    }

    private MavenDownloaderImpl downloader(boolean offline) {
        MavenDownloaderImpl downloader = new MavenDownloaderImpl();
        downloader.setOffline(offline);
        downloader.setMavenApacheSnapshotEnabled(false);
        downloader.setRemoteArtifactDownloadListener(new Downloads());
        downloader.build();
        downloader.init();
        downloader.start();
        return downloader;
    }

    @Override
    public synchronized void close() {
        if (local != null) {
            local.stop();
        }
        if (remote != null) {
            remote.stop();
        }
    }

    private final class Downloads implements RemoteArtifactDownloadListener {
        @Override
        public void artifactDownloading(String group, String artifact, String version, String id, String url) {}

        @Override
        public void artifactDownloaded(
                String group, String artifact, String version, String id, String url, long milliseconds) {
            listener.downloaded(artifact + " " + version, milliseconds);
        }
    }
}

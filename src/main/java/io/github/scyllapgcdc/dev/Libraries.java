package io.github.scyllapgcdc.dev;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
    private final MavenDownloaderImpl local;
    private MavenDownloaderImpl remote;

    Libraries(StackListener listener) {
        this.listener = listener;
        this.local = downloader(true);
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
        try {
            return files(local, wanted, transitively);
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
        local.stop();
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

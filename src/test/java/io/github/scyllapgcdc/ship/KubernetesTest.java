package io.github.scyllapgcdc.ship;

import static io.github.scyllapgcdc.ship.YamlFiles.map;
import static io.github.scyllapgcdc.ship.YamlFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests are what Kubernetes takes, and fit each other and the application. */
class KubernetesTest {
    private static final Path FOLDER = Path.of("docker/k8s");
    private static final String KUSTOMIZATION = "kustomization.yaml";

    private final List<HasMetadata> manifests = YamlFiles.files(FOLDER, ".yaml").stream()
            .filter(file -> !file.endsWith(KUSTOMIZATION))
            .flatMap(file -> YamlFiles.documents(file).stream())
            .map(Manifests::read)
            .toList();
    private final List<Deployment> deployments = all(Deployment.class);

    @Test
    void aFieldThatKubernetesDoesNotHaveIsAnError() {
        Map<String, Object> wrong =
                Map.of("apiVersion", "v1", "kind", "Service", "spec", Map.of("selectors", Map.of()));
        assertThatThrownBy(() -> Manifests.read(wrong)).hasMessageContaining("selectors");
    }

    @Test
    void everyFileIsAppliedButWhatNeedsAnOperator() {
        List<String> applied =
                texts(YamlFiles.documents(FOLDER.resolve(KUSTOMIZATION)).get(0).get("resources"));
        List<String> files = YamlFiles.files(FOLDER, ".yaml").stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals(KUSTOMIZATION) && !name.equals("servicemonitor.yaml"))
                .toList();
        assertThat(applied).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void theSourceRunsOnceAndTheOthersLeaveItAlone() {
        Deployment source = deployment("scylla-pg-cdc-source");
        assertThat(source.getSpec().getReplicas()).isEqualTo(1);
        assertThat(source.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(deployments)
                .hasSize(2)
                .filteredOn(deployment -> !deployment.equals(source))
                .allSatisfy(other -> {
                    assertThat(environment(container(other))).containsEntry("SOURCE_ENABLED", "false");
                    assertThat(environment(container(other))).containsEntry("RECONCILE_SCHEDULED", "false");
                });
        assertThat(environment(container(source))).doesNotContainKey("SOURCE_ENABLED");
    }

    @Test
    void selectorsMeetThePodsThatTheyMean() {
        assertThat(deployments)
                .allSatisfy(deployment -> assertThat(labels(deployment))
                        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels()));
        for (Deployment deployment : deployments) {
            assertThat(selected(deployment.getSpec().getSelector().getMatchLabels()))
                    .containsExactly(deployment);
        }
        assertThat(all(PodDisruptionBudget.class))
                .singleElement()
                .satisfies(budget -> assertThat(
                                selected(budget.getSpec().getSelector().getMatchLabels()))
                        .containsExactly(deployment("scylla-pg-cdc-sink")));
        assertThat(selected(service("scylla-pg-cdc").getSpec().getSelector()))
                .containsExactly(deployment("scylla-pg-cdc-source"));
        assertThat(selected(service("scylla-pg-cdc-metrics").getSpec().getSelector()))
                .containsExactlyInAnyOrderElementsOf(deployments);
    }

    @Test
    void portsThatAreNamedExistAndAreTheApplications() {
        String settings = KnownSettings.text(Path.of("application.properties"));
        assertThat(deployments).allSatisfy(deployment -> {
            Container container = container(deployment);
            assertThat(container.getPorts())
                    .allSatisfy(port -> assertThat(settings)
                            .contains((port.getName().equals("api") ? "camel.server" : "camel.management") + ".port="
                                    + port.getContainerPort() + "\n"));
            for (Probe probe :
                    List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())) {
                assertThat(portNames(container))
                        .contains(probe.getHttpGet().getPort().getStrVal());
                assertThat(probe.getHttpGet().getPath()).matches("/observe/health/(live|ready)");
            }
        });
        assertThat(all(Service.class)).allSatisfy(service -> {
            List<ServicePort> ports = service.getSpec().getPorts();
            assertThat(selected(service.getSpec().getSelector()))
                    .isNotEmpty()
                    .allSatisfy(deployment -> assertThat(portNames(container(deployment)))
                            .containsAll(ports.stream()
                                    .map(port -> port.getTargetPort().getStrVal())
                                    .toList()));
        });
    }

    @Test
    void theServiceMonitorFindsTheMetricsOfEachInstance() {
        assertThat(all(ServiceMonitor.class)).singleElement().satisfies(monitor -> {
            // the alerts ask for the job of this name
            assertThat(monitor.getSpec().getJobLabel()).isEqualTo("app.kubernetes.io/name");
            Map<String, String> wanted = monitor.getSpec().getSelector().getMatchLabels();
            List<Service> found = all(Service.class).stream()
                    .filter(service -> contains(service.getMetadata().getLabels(), wanted))
                    .toList();
            assertThat(found).containsExactly(service("scylla-pg-cdc-metrics"));
            Endpoint endpoint = monitor.getSpec().getEndpoints().get(0);
            assertThat(found.get(0).getSpec().getPorts())
                    .extracting(ServicePort::getName)
                    .contains(endpoint.getPort());
            assertThat(endpoint.getPath()).isEqualTo("/observe/metrics");
        });
    }

    @Test
    void whatIsReferredToIsThereAndSecretsAreLeftToTheOperator() {
        assertThat(manifests).noneMatch(manifest -> manifest.getKind().equals("Secret"));
        String guide = KnownSettings.text(Path.of("docs/containers.md"));
        assertThat(deployments).allSatisfy(deployment -> {
            PodSpec pod = pod(deployment);
            List<String> configMaps = Stream.concat(
                            container(deployment).getEnvFrom().stream()
                                    .map(from -> from.getConfigMapRef().getName()),
                            pod.getVolumes().stream()
                                    .filter(volume -> volume.getConfigMap() != null)
                                    .map(volume -> volume.getConfigMap().getName()))
                    .toList();
            assertThat(configMaps)
                    .hasSize(2)
                    .allSatisfy(name -> assertThat(configMap(name)).isNotNull());
            assertThat(pod.getVolumes().stream()
                            .filter(volume -> volume.getSecret() != null)
                            .map(volume -> volume.getSecret().getSecretName()))
                    .singleElement()
                    .satisfies(secret -> assertThat(guide).contains("kubectl create secret generic " + secret + " "));
            assertThat(container(deployment).getVolumeMounts())
                    .allSatisfy(mount -> assertThat(pod.getVolumes())
                            .anyMatch(volume -> volume.getName().equals(mount.getName())));
        });
    }

    @Test
    void theApplicationKnowsEachOfItsSettings() {
        Map<String, String> settings = configMap("scylla-pg-cdc").getData();
        assertThat(KnownSettings.asVariables()).containsAll(settings.keySet());
        assertThat(deployments)
                .allSatisfy(deployment -> assertThat(KnownSettings.asVariables())
                        .containsAll(environment(container(deployment)).keySet()));
        assertThat(settings).containsEntry("API_TOKEN", "{{hashicorp:cdc:management#token}}");
        // Then: the files of the login are where the Secret is mounted
        assertThat(container(deployments.get(0)).getVolumeMounts()).anySatisfy(mount -> {
            assertThat(mount.getName()).isEqualTo("vault");
            assertThat(settings.get("VAULT_APPROLE_ROLE_ID_FILE")).isEqualTo(mount.getMountPath() + "/role-id");
            assertThat(settings.get("VAULT_APPROLE_SECRET_ID_FILE")).isEqualTo(mount.getMountPath() + "/secret-id");
        });
    }

    @Test
    void theTablesAreThoseOfTheFolder() throws Exception {
        Map<String, String> tables = configMap("scylla-pg-cdc-tables").getData();
        assertThat(tables).isNotEmpty();
        for (Map.Entry<String, String> file : tables.entrySet()) {
            assertThat(file.getValue()).isEqualTo(Files.readString(Path.of("routes/tables", file.getKey())));
        }
        assertThat(deployments)
                .allSatisfy(deployment -> assertThat(container(deployment).getVolumeMounts())
                        .anyMatch(mount -> mount.getName().equals("tables")
                                && mount.getMountPath().equals("/app/routes/tables")));
    }

    @Test
    void podsAreRestrictedAndEndInTime() {
        assertThat(deployments).allSatisfy(deployment -> {
            PodSpec pod = pod(deployment);
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
            assertThat(KnownSettings.text(Path.of("docker/Dockerfile"))).contains("USER 10001:10001");
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(container(deployment).getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container(deployment).getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container(deployment)
                            .getSecurityContext()
                            .getCapabilities()
                            .getDrop())
                    .containsExactly("ALL");
            assertThat(container(deployment).getResources().getLimits()).containsKey("memory");
            // The process ends itself hard after 18 s
            assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(20);
        });
    }

    @Test
    void theImageIsTheOneThatIsBuilt() {
        Map<String, Object> image = map(((List<?>) YamlFiles.documents(FOLDER.resolve(KUSTOMIZATION))
                        .get(0)
                        .get("images"))
                .get(0));
        assertThat(image).containsEntry("newTag", KnownSettings.version());
        assertThat(deployments)
                .allSatisfy(deployment ->
                        assertThat(container(deployment).getImage()).isEqualTo(image.get("name")));
    }

    private List<Deployment> selected(Map<String, String> selector) {
        return deployments.stream()
                .filter(deployment -> contains(labels(deployment), selector))
                .toList();
    }

    private static boolean contains(Map<String, String> labels, Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    private static Map<String, String> labels(Deployment deployment) {
        return deployment.getSpec().getTemplate().getMetadata().getLabels();
    }

    private static PodSpec pod(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec();
    }

    private static Container container(Deployment deployment) {
        return pod(deployment).getContainers().get(0);
    }

    private static List<String> portNames(Container container) {
        return container.getPorts().stream().map(ContainerPort::getName).toList();
    }

    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private Deployment deployment(String name) {
        return named(Deployment.class, name);
    }

    private Service service(String name) {
        return named(Service.class, name);
    }

    private ConfigMap configMap(String name) {
        return named(ConfigMap.class, name);
    }

    private <T extends HasMetadata> T named(Class<T> type, String name) {
        return all(type).stream()
                .filter(manifest -> manifest.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " is named " + name));
    }

    private <T extends HasMetadata> List<T> all(Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }
}

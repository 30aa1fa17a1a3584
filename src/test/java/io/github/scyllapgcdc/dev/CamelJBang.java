package io.github.scyllapgcdc.dev;

/** The program {@code camel}, which the jbang program makes of this class of Camel's. By reflection: a child's main. */
public final class CamelJBang {
    static final String LIBRARY = "org.apache.camel:camel-jbang-core:4.17.0";

    private CamelJBang() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        Class.forName("org.apache.camel.dsl.jbang.core.commands.CamelJBangMain")
                .getMethod("run", String[].class)
                .invoke(null, (Object) args);
    }
}

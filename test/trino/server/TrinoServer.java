/** Trino's own starter is not on Maven Central. This one also ends when whoever started it is gone. */
public class TrinoServer {
    public static void main(String[] version) throws Exception {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (java.io.IOException gone) {
            }
            Runtime.getRuntime().halt(0);
        });
        watch.setDaemon(true);
        watch.start();
        Class<?> server = Class.forName("io.trino.server.Server");
        server.getMethod("start", String.class).invoke(server.getConstructor().newInstance(), version[0]);
    }
}

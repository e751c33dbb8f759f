// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Native libraries in jars on the class path. Each such jar has an index, {@code io/windhover/natives/index}, with a
 * line {@code PLATFORM SHA-256 NAME} for each of its libraries, and these in
 * {@code io/windhover/natives/PLATFORM/NAME}. They are unpacked once, all of a platform's into one folder of the user's
 * own cache that is named by what is in them, and compared with their digests each time before they are loaded.
 */
final class PackagedLibraries {
    static final String INDEX = "io/windhover/natives/index";
    private static final String FOLDER = "io/windhover/natives/";
    private static final Pattern LINE = Pattern.compile(
            "(?<platform>[a-z0-9_-]{1,40}) (?<digest>[0-9a-f]{64}) (?<name>lib[A-Za-z0-9_-]{1,80}\\.so)");
    private static final int LARGEST_INDEX = 1 << 16;
    private static final int OTHERS_MAY_WRITE = 022;
    private static final int STICKY = 01000;

    private final ClassLoader jars;
    private final String platform;
    private final Path cache;

    /** @param cache is made where it is missing */
    PackagedLibraries(ClassLoader jars, String platform, Path cache) {
        this.jars = jars;
        this.platform = platform;
        this.cache = cache;
    }

    /** Those of this machine, in the cache that {@code windhover.cache}, XDG_CACHE_HOME or HOME says. */
    static PackagedLibraries ofThisMachine() {
        String chosen = System.getProperty("windhover.cache");
        String caches = System.getenv("XDG_CACHE_HOME");
        Path cache = chosen != null
                ? Path.of(chosen)
                : (caches != null && caches.startsWith("/")
                                ? Path.of(caches)
                                : Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("windhover");
        return new PackagedLibraries(PackagedLibraries.class.getClassLoader(), thisPlatform(), cache.toAbsolutePath());
    }

    private static String thisPlatform() {
        String processor = switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            case "arm" -> "armhf";
            default -> System.getProperty("os.arch");
        };
        return System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-" + processor;
    }

    /**
     * The folder that holds them.
     *
     * @throws DriverException when there are none for this platform, or the cache cannot be trusted or written
     */
    Path folder() {
        try {
            Map<String, String> wanted = wanted();
            requireOwn();
            Path folder = cache.resolve(name(wanted));
            if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
                unpack(wanted, folder);
            }
            for (Map.Entry<String, String> library : wanted.entrySet()) {
                requireSame(library.getValue(), Files.readAllBytes(folder.resolve(library.getKey())), folder);
            }
            return folder;
        } catch (IOException | UncheckedIOException problem) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "the native libraries cannot be unpacked into " + cache + " (" + problem.getMessage()
                            + "); name another folder with -Dwindhover.cache=FOLDER");
        }
    }

    /** Each library's digest by its name. */
    private Map<String, String> wanted() throws IOException {
        Map<String, String> wanted = new TreeMap<>();
        TreeSet<String> others = new TreeSet<>();
        for (URL index : Collections.list(jars.getResources(INDEX))) {
            try (InputStream stream = index.openStream()) {
                for (String line : new String(stream.readNBytes(LARGEST_INDEX), StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
                    Matcher parts = LINE.matcher(line);
                    if (!parts.matches()) {
                        throw new DriverException(Status.NOT_FOUND, index + " is no index of native libraries");
                    }
                    if (!parts.group("platform").equals(platform)) {
                        others.add(parts.group("platform"));
                    } else if (!parts.group("digest")
                            .equals(wanted.getOrDefault(parts.group("name"), parts.group("digest")))) {
                        throw new DriverException(
                                Status.NOT_FOUND,
                                "two jars on the class path have different libraries " + parts.group("name")
                                        + "; use one version of Windhover");
                    } else {
                        wanted.put(parts.group("name"), parts.group("digest"));
                    }
                }
            }
        }
        if (wanted.isEmpty()) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    others.isEmpty()
                            ? "no jar on the class path holds native libraries; add windhover-natives with the classifier "
                                    + platform + ", or name Windhover's folder with -Dwindhover.home=FOLDER"
                            : "the jars on the class path hold native libraries for " + String.join(", ", others)
                                    + ", not for this machine; add windhover-natives with the classifier "
                                    + platform);
        }
        return wanted;
    }

    private static String name(Map<String, String> wanted) {
        MessageDigest digest = sha256();
        wanted.forEach(
                (name, contents) -> digest.update((contents + " " + name + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Nobody else may put libraries there, or another folder in its place. */
    private void requireOwn() throws IOException {
        Files.createDirectories(
                cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!owner(cache).equals(owner(Path.of("/proc/self"))) || mayOthersWrite(cache)) {
            throw untrusted(cache);
        }
        for (Path above = cache.toRealPath().getParent(); above != null; above = above.getParent()) {
            if (mayOthersWrite(above) && (mode(above) & STICKY) == 0) {
                throw untrusted(above);
            }
        }
    }

    private static Object owner(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid");
    }

    private static boolean mayOthersWrite(Path folder) throws IOException {
        return (mode(folder) & OTHERS_MAY_WRITE) != 0;
    }

    private static int mode(Path folder) throws IOException {
        return (Integer) Files.getAttribute(folder, "unix:mode");
    }

    private static DriverException untrusted(Path folder) {
        return new DriverException(
                Status.NOT_FOUND,
                "native libraries are not unpacked beneath " + folder
                        + ", as other users may write there; name a folder of your own with -Dwindhover.cache=FOLDER");
    }

    /** Whoever is first wins; a folder appears with everything in it. */
    private void unpack(Map<String, String> wanted, Path folder) throws IOException {
        Path fresh = Files.createTempDirectory(cache, "new");
        try {
            for (Map.Entry<String, String> library : wanted.entrySet()) {
                byte[] contents = read(library.getKey());
                requireSame(library.getValue(), contents, fresh);
                Files.write(fresh.resolve(library.getKey()), contents);
            }
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException problem) {
            remove(wanted, fresh);
            if (!Files.isDirectory(folder)) {
                throw problem;
            }
        }
    }

    private static void remove(Map<String, String> wanted, Path folder) throws IOException {
        for (String name : wanted.keySet()) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }

    private byte[] read(String name) throws IOException {
        String resource = FOLDER + platform + "/" + name;
        try (InputStream stream = jars.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException(resource + " is in no jar on the class path");
            }
            return stream.readAllBytes();
        }
    }

    private static void requireSame(String digest, byte[] contents, Path folder) {
        if (!HexFormat.of().formatHex(sha256().digest(contents)).equals(digest)) {
            throw new DriverException(
                    Status.NOT_FOUND,
                    "a native library in " + folder + " is not what its jar holds; delete that folder");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}

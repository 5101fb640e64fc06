package io.opgraft.launcher.server;

import io.opgraft.launcher.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for what would go wrong later, while there is still one clear sentence for it. */
final class Preflight {
    private Preflight() {}

    static void checkRepositories(Iterable<Path> repositories) throws CommandFailedException {
        for (Path repository : repositories) {
            if (!Files.exists(repository)) {
                throw new CommandFailedException("The model repository " + repository
                        + " does not exist; create it, or name another folder with --model-repository.");
            }
            checkReadable("model repository", repository);
        }
    }

    /** Creates the folder if there is none: it is a drop box that belongs to the server. */
    static void checkDeploy(Path deploy) throws CommandFailedException {
        if (deploy.toString().indexOf(',') >= 0) {
            throw new CommandFailedException(
                    "The deploy folder " + deploy + " has a comma in its path, which is not supported; rename it.");
        }
        try {
            if (!Files.exists(deploy)) {
                Files.createDirectories(deploy);
            }
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The deploy folder " + deploy + " cannot be created (" + Causes.text(e)
                            + "); name another folder with --deploy.",
                    e);
        }
        checkReadable("deploy folder", deploy);
    }

    private static void checkReadable(String what, Path directory) throws CommandFailedException {
        if (!Files.isDirectory(directory)) {
            throw new CommandFailedException("The " + what + " " + directory + " is not a folder.");
        }
        if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
            throw new CommandFailedException(
                    "The " + what + " " + directory + " cannot be read; change its permissions.");
        }
    }

    static void checkPort(String address, int port) throws CommandFailedException {
        InetAddress host;
        try {
            host = InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new CommandFailedException(
                    "The address " + address + " is not known; name an address of this machine with --http-address.",
                    e);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The server cannot listen on " + address + " port " + port + " (" + Causes.text(e)
                            + "); stop the program that uses it, or name another port with --http-port"
                            + " (0 takes a free one).",
                    e);
        }
    }
}

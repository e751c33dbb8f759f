// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import jdk.net.ExtendedSocketOptions;

/** Sockets that send small packets at once, and acknowledge at once; Paho never asks for that by itself. */
final class PromptSockets extends SocketFactory {
    private final SocketFactory plain = SocketFactory.getDefault();

    static SocketFactory plain() {
        return new PromptSockets();
    }

    static SocketFactory of(SSLSocketFactory tls) {
        return new Secure(tls);
    }

    private static Socket prompt(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return prompt(new Acknowledging());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return prompt(plain.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return prompt(plain.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return prompt(plain.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return prompt(plain.createSocket(host, port, local, localPort));
    }

    /**
     * Has the kernel acknowledge at once what was read. A broker that holds small packets back until the one before is
     * acknowledged, as mosquitto does, would bring a request 40 ms late otherwise. Linux forgets it, so it is said
     * after each read.
     */
    private static final class Acknowledging extends Socket {
        private static final int BUFFER_BYTES = 8192;

        @Override
        public InputStream getInputStream() throws IOException {
            InputStream in = super.getInputStream();
            if (!supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
                return in;
            }
            InputStream acknowledged = new FilterInputStream(in) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int count = super.read(target, offset, length);
                    if (count > 0) {
                        setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
                    }
                    return count;
                }
            };
            return new BufferedInputStream(acknowledged, BUFFER_BYTES);
        }
    }

    private static final class Secure extends SSLSocketFactory {
        private final SSLSocketFactory tls;

        Secure(SSLSocketFactory tls) {
            this.tls = tls;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket() throws IOException {
            return prompt(tls.createSocket());
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
            return prompt(tls.createSocket(socket, host, port, autoClose));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return prompt(tls.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return prompt(tls.createSocket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return prompt(tls.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return prompt(tls.createSocket(host, port, local, localPort));
        }
    }
}

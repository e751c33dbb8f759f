// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.configuration.HttpConfiguration;
import io.windhover.runtime.serve.monitor.NodeView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CurrentPageTest {
    private final CurrentPage page = new CurrentPage(mock(NodeView.class));

    @AfterEach
    void close() {
        page.close();
    }

    private static HttpConfiguration at(int port) {
        return new HttpConfiguration("127.0.0.1", port, null, false);
    }

    private static ServerSocket somebody() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void a_page_whose_new_address_is_taken_stays_at_the_old_one() throws IOException {
        page.open(at(0));
        page.begin();
        try (ServerSocket somebody = somebody()) {
            int taken = somebody.getLocalPort();
            WindhoverException refused = assertThrows(WindhoverException.class, () -> page.become(at(taken)));
            assertTrue(String.valueOf(refused.getMessage()).contains(":" + taken), refused.getMessage());
            assertNotEquals(0, page.port());
        }
    }

    @Test
    void a_page_that_lost_its_address_is_there_again_with_it() throws IOException {
        page.open(at(0));
        int lost;
        try (ServerSocket somebody = somebody()) {
            lost = somebody.getLocalPort();
            page.goBack(at(lost));
            page.watch();
            assertEquals(0, page.port());
        }
        page.watch();
        assertEquals(lost, page.port());
        page.close();
        page.watch();
        assertEquals(0, page.port());
    }
}

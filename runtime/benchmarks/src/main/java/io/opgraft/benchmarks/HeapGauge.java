package io.opgraft.benchmarks;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What the threads of another JVM have allocated on its heap, without those that answer this question. */
final class HeapGauge implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final MemoryMXBean memory;

    @SuppressWarnings("BanJNDI") // the address is what a process of this user just told
    HeapGauge(long pid) throws IOException {
        String agent;
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                agent = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("cannot ask process " + pid + " for its heap", e);
        }
        connector = JMXConnectorFactory.connect(new JMXServiceURL(agent));
        MBeanServerConnection server = connector.getMBeanServerConnection();
        threads = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        memory = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    }

    /** Bytes, of the threads that live now. */
    double allocated() {
        long[] ids = threads.getAllThreadIds();
        ThreadInfo[] infos = threads.getThreadInfo(ids);
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        long sum = 0;
        for (int i = 0; i < ids.length; i++) {
            String name = infos[i] == null ? "" : infos[i].getThreadName();
            if (!name.startsWith("RMI ") && !name.startsWith("JMX ")) {
                sum += Math.max(0, bytes[i]);
            }
        }
        return sum;
    }

    /** Bytes in use on the heap and beside it, after a collection. */
    double used() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed()
                + (double) memory.getNonHeapMemoryUsage().getUsed();
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}

"""Many hosts that answer late: libvirt's test driver reads each from a pipe, into which its description goes after a while."""
import os
import tempfile
import threading
import time

HOST = """<node>
<domain type='test'><name>vm{n}</name><memory>8192</memory><os><type>hvm</type></os>
<devices><interface type='network'><mac address='52:54:00:00:{high:02x}:{low:02x}'/><source network='vfpool-eth3'/></interface></devices></domain>
<network><name>vfpool-eth3</name><forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>
<device><name>computer</name><capability type='system'><hardware><uuid>11111111-2222-3333-4444-{n:012d}</uuid></hardware><firmware/></capability></device>
<device><name>pci_0000_03_00_0</name><parent>computer</parent><capability type='pci'><domain>0</domain><bus>3</bus><slot>0</slot><function>0</function>
<product id='0x10c9'/><vendor id='0x8086'/><capability type='virt_functions' maxCount='63'>{vfs}</capability></capability></device>
<device><name>net_eth3</name><parent>pci_0000_03_00_0</parent><capability type='net'><interface>eth3</interface><address>a0:36:9f:03:{high:02x}:{low:02x}</address><link state='up'/></capability></device>
</node>
"""
VF = "<address domain='0x0000' bus='0x03' slot='{:#04x}' function='{:#x}'/>"


class LateHosts:
    """`with LateHosts(1000, 0.5) as hosts`: `hosts.uris` is for --hosts. Those in `silent` never answer."""

    def __init__(self, count, seconds, silent=()):
        self.count, self.seconds, self.silent = count, seconds, set(silent)
        self.ended = False

    def path(self, number):
        return f"{self.folder.name}/kvm{number}.xml"

    @property
    def uris(self):
        return f"test://{self.folder.name}/kvm[1-{self.count}].xml"

    def uri(self, number):
        return f"test://{self.path(number)}"

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        threading.stack_size(256 << 10)
        self.threads = []
        for number in range(1, self.count + 1):
            os.mkfifo(self.path(number))
            if number not in self.silent:
                self.threads.append((number, threading.Thread(target=self.serve, args=[number], daemon=True)))
                self.threads[-1][1].start()
        return self

    def serve(self, number):
        vfs = "".join(VF.format(16 + vf // 4, vf % 4 * 2) for vf in range(8))
        text = HOST.format(n=number, high=number >> 8, low=number & 255, vfs=vfs).encode()
        while True:
            # Waits until somebody reads.
            with open(self.path(number), "wb", buffering=0) as pipe:
                if self.ended:
                    return
                time.sleep(self.seconds)
                try:
                    pipe.write(text)
                except BrokenPipeError:
                    pass
            # Until the reader has gone: else it would be given the next description, too.
            time.sleep(0.2)

    def __exit__(self, *_):
        self.ended = True
        # One that is not waiting now will be, and has to be woken then.
        for number, thread in self.threads:
            while thread.is_alive():
                os.close(os.open(self.path(number), os.O_RDONLY | os.O_NONBLOCK))
                thread.join(0.01)
        self.folder.cleanup()

# make demo   sets everything up and shows the main job on a real libvirtd
# make test   sets everything up and runs all tests that need no machine of their own; SANITIZE=address or thread: those within one process
# make test-systems   the tests that ask most of libvirt, on Debian 13 and on modular daemons (Tests/Systems)
# make storm STEPS=200 SEED=1   random steps on the rig; a judge says after each whether vfpool's promises hold (Tests/Storm)
# make test-integrations   what vfpool works with: Prometheus, Cockpit, Ansible, ssh (Integrations)
# make test-proof   ceilings of instructions and a short storm; make test-sanitize: memory faults and races (Tests/Proof)
# make lab    a shell on a whole host with emulated SR-IOV hardware; make lab-test runs the tests that need one
# make fuzz SECONDS=20   libFuzzer on everything that reads text from outside, each target so long, or RUNS=…; TARGETS="guest spec" (Tests/Fuzz)
# make mutation   breaks the code on purpose, and names what no test notices; make bench-instructions counts what commands cost
# make docs   the pages of docs/ as HTML, in .build/docs; a dead link or anchor fails
# make install   PREFIX=/usr/local DESTDIR= : the binary, units, templates, completions and man pages
# make deb, make rpm   packages, in dist/; make test-package tries them (Tests/Package)
# make release   tag, tarball, .deb and checksums of a version, in dist/ (see CONTRIBUTING.md)
SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# What installs what building needs; empty where nothing may be installed.
SETUP ?= setup
BIN ?= .build/release/vfpool
# Without index and debug information a build takes two thirds of the time; the same everywhere, or each would rebuild all.
export DEBUG_BUILD ?= --disable-index-store -debug-info-format none --explicit-target-dependency-import-check error
SHARE = $(DESTDIR)$(PREFIX)/share

.PHONY: all build demo test fuzz storm test-integrations test-systems test-package test-proof test-sanitize bench bench-instructions mutation build-release install deb rpm release format lint setup corpus docs clean

all: build

setup:
	Tests/setup

build: setup
	Tests/Lint/imports
	$(SWIFT) build $(DEBUG_BUILD) --product vfpool

demo: build
	Tests/Demo/demo

# libvirt's own documents; without the network the tests that need them are skipped by name.
corpus:
	Tests/Corpus/fetch || echo "corpus: not fetched: its tests will be skipped" >&2

test: setup corpus
	Tests/run

test-integrations: build
	Integrations/run $(TESTS)

# The fuzzer is built into a folder of its own, which takes minutes; what it has learnt stays there.
fuzz: setup
	Tests/Fuzz/run $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RUNS),--runs $(RUNS)) $(TARGETS)

# Without SEED each run has another one, which it prints.
storm: build
	STEPS=$(STEPS) SEED=$(SEED) Tests/Storm/run

test-systems: setup
	Tests/Systems/run $(TESTS)

docs:
	Tests/Docs/setup
	Tests/Docs/build

test-package: setup
	Tests/Package/run $(TESTS)

# Ceilings of instructions and a storm; with sanitizers, which build vfpool and its tests anew, apart.
test-proof: build build-release
	Tests/Proof/run

test-sanitize: setup build-release
	Tests/Proof/run memcheck address thread

bench: setup build-release
	Benchmarks/run
	Benchmarks/instructions

# Instructions that commands take, which is the same number on a busy machine, and their ceilings.
bench-instructions: setup build-release
	Benchmarks/setup
	Benchmarks/instructions

# Breaks what plans and applies on purpose, a place at a time, and names what no test notices; MUTANTS=100 of them.
mutation: setup
	Tests/Mutation/run

# Swift's runtime is linked in: the host needs libvirt, libxml2, libyaml and libnl-route only. Small code and packed relocations
# (glibc 2.36, GNU ld) make the binary 1.3 MB smaller and its start a fifth faster. Tables for unwinding the stack are left out,
# another 2.2 MB: no Swift error needs them, only a C++ exception would, and nothing linked here throws one.
LAYOUT := .build/no-unwinding.ld
# Built at another path it is the same, byte by byte: no path of the build is in it, nor are the hashes of modules (.swift_modhash) that
# swiftc makes of paths, too, for its own incremental builds.
RELEASE := -c release --static-swift-stdlib --disable-local-rpath --disable-index-store -debug-info-format none \
	-Xswiftc -Osize -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=vfpool -Xcc -ffile-prefix-map=$(CURDIR)=vfpool \
	-Xswiftc -use-ld=bfd -Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic \
	-Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker $(CURDIR)/$(LAYOUT)

build-release: $(SETUP)
	@mkdir -p .build
	@echo 'SECTIONS { /DISCARD/ : { *(.eh_frame) *(.swift_modhash) } } INSERT BEFORE .rodata;' > $(LAYOUT)
	$(SWIFT) build $(RELEASE) --product vfpool

# The binary without its symbols, and what belongs to it. Units are there to be enabled by `vfpool boot`, those of the metrics by hand; the
# one that makes VFs is not among them: it outlives vfpool.
UNITS := vfpool-reconcile.service vfpool-reconcile.timer vfpool-reconcile.path vfpool-guests.service vfpool-reload.service \
	vfpool-metrics.service vfpool-metrics.timer vfpool-drift.service vfpool-drift.timer
# Of the Ansible collection, without its tests; it goes where Ansible looks.
COLLECTION := galaxy.yml README.md meta playbooks plugins roles
install: build-release
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/systemd/system $(SHARE)/vfpool/templates $(SHARE)/vfpool/prometheus \
		$(SHARE)/cockpit/vfpool $(SHARE)/man/man1 \
		$(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 -s $(BIN) $(DESTDIR)$(PREFIX)/bin/vfpool
	install -m 644 templates/*.xml templates/*.rng $(SHARE)/vfpool/templates/
	install -m 644 Integrations/prometheus/alerts.yml Integrations/prometheus/dashboard.json $(SHARE)/vfpool/prometheus/
	install -m 644 Integrations/cockpit/vfpool/* $(SHARE)/cockpit/vfpool/
	cd Integrations/ansible && find $(COLLECTION) -type f ! -path '*/__pycache__/*' -exec install -D -m 644 {} \
		$(SHARE)/ansible/collections/ansible_collections/vfpool/vfpool/{} \;
	cd templates && install -m 644 $(UNITS) $(DESTDIR)$(PREFIX)/lib/systemd/system/
	cd $(DESTDIR)$(PREFIX)/lib/systemd/system && sed -i 's#^\(ExecStart\|ConditionFileIsExecutable\)=/usr/bin/vfpool\b#\1=$(PREFIX)/bin/vfpool#' \
		vfpool-reconcile.service vfpool-metrics.service vfpool-drift.service
	$(BIN) help man > $(SHARE)/man/man1/vfpool.1
	$(BIN) help man --list | while read -r command; do \
		$(BIN) help man $$command > "$(SHARE)/man/man1/vfpool-$$(echo $$command | tr ' ' -).1" || exit 1; done
	install -d $(SHARE)/man/man5
	$(BIN) help man vfpool.yaml > $(SHARE)/man/man5/vfpool.yaml.5
	$(BIN) completion bash > $(SHARE)/bash-completion/completions/vfpool
	$(BIN) completion zsh > $(SHARE)/zsh/site-functions/_vfpool
	$(BIN) completion fish > $(SHARE)/fish/vendor_completions.d/vfpool.fish

# --- packages ---
DIST ?= $(CURDIR)/dist
deb rpm: export SWIFT := $(SWIFT)
deb rpm: export BIN := $(BIN)
deb rpm: export DIST := $(DIST)

# debian/README.source has what it needs and why.
deb:
	install -d $(DIST)
	dpkg-buildpackage --build=binary --no-sign --buildinfo-option=-u$(DIST) --changes-option=-u$(DIST) \
		--buildinfo-file=$(DIST)/vfpool.buildinfo --changes-file=$(DIST)/vfpool.changes

# rpmbuild of Debian knows no package of RPM's, so its build dependencies are not asked for. Times and names of the build host stay out.
rpm:
	install -d $(DIST)
	SOURCE_DATE_EPOCH=$$(dpkg-parsechangelog -STimestamp) rpmbuild -bb --build-in-place --nodeps \
		--define '_topdir $(CURDIR)/.build/rpm' --define '_rpmdir $(DIST)' --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
		--define '_buildhost reproducible' --define 'use_source_date_epoch_as_buildtime 1' \
		--define 'clamp_mtime_to_source_date_epoch 1' packaging/vfpool.spec

# Of what is released besides the tarball.
PACKAGES ?= deb
release:
	PACKAGES='$(PACKAGES)' DIST=$(DIST) packaging/release
# --- end of packages ---

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	Tests/Lint/imports --test
	Tests/Lint/imports
	Tests/Lint/bytes --test
	Tests/Lint/bytes
	Tests/Lint/commands
	Tests/Package/versions
	.ci/test

clean:
	rm -rf .build .cache dist

# --- lab: a whole SR-IOV host, emulated (Tests/Lab) ---
# make lab   a shell on it, with this checkout's vfpool; make lab-test runs its tests, lab-stop ends it, lab-clean removes it
.PHONY: lab lab-test lab-stop lab-clean

lab: build-release
	Tests/Lab/lab shell

# make lab-test TESTS=reboot   only those whose names contain it
lab-test: build-release
	Tests/Lab/lab test $(TESTS)

lab-stop:
	Tests/Lab/lab stop

lab-clean:
	Tests/Lab/lab clean
# --- end of lab ---

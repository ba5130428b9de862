// libvirt's headers as a module.
#pragma once
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

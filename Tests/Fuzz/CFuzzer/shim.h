#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's, which no header has.
int LLVMFuzzerRunDriver(int *count, char ***words, int (*run)(const uint8_t *data, size_t size));

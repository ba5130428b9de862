// What glibc has and Swift's Glibc module leaves out.
#pragma once

// Declared only with _GNU_SOURCE, which a module can't set for the headers that Glibc has read already. See syncfs(2).
extern int syncfs(int descriptor);

// Also with _GNU_SOURCE only. See memmem(3).
extern void *memmem(const void *text, __SIZE_TYPE__ length, const void *other, __SIZE_TYPE__ count);

// What glibc has and Swift's Glibc module leaves out.
#pragma once

// Declared only with _GNU_SOURCE, which a module can't set for the headers that Glibc has read already. See syncfs(2).
extern int syncfs(int descriptor);

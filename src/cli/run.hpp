#pragma once

namespace rondo::cli {

/// Picks the command and runs it; gives the process's exit code.
int run(int argc, char** argv);

}  // namespace rondo::cli

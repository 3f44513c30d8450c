#include "cli/run.hpp"

int main(int argc, char** argv) {
    return rondo::cli::run(argc, argv);
}

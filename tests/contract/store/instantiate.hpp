#pragma once

#include "contract/store/store_contract.hpp"

/// Runs a suite of store_contract on every engine.
#define RONDO_ON_EVERY_ENGINE(Suite)                                                   \
    INSTANTIATE_TEST_SUITE_P(On, Suite, ::testing::ValuesIn(::rondo::test::engines()), \
                             [](const auto& with) { return with.param.name; })

#pragma once
// Chance that is the same at every run.

#include <cstddef>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace rondo::test {

class dice {
public:
    explicit dice(unsigned seed) : random_{seed} {}

    int number(int from, int to) { return from + static_cast<int>(random_() % static_cast<unsigned>(to - from + 1)); }
    bool one_in(int n) { return number(1, n) == 1; }
    template <class T>
    T any(std::initializer_list<T> choices) {
        return *(choices.begin() + number(0, static_cast<int>(choices.size()) - 1));
    }
    template <class T>
    const T& pick(const std::vector<T>& choices) {
        return choices[static_cast<std::size_t>(number(0, static_cast<int>(choices.size()) - 1))];
    }
    /// "1", "3,-2,7": of 1 to `size`, some counted from the end.
    std::string numbers(int size, int most, bool from_the_end = true) {
        std::string list;
        for (int left = number(1, most); left > 0; --left)
            list += (list.empty() ? "" : ",") + std::to_string(number(1, size) * (from_the_end && one_in(3) ? -1 : 1));
        return list;
    }

private:
    std::mt19937 random_;
};

}  // namespace rondo::test

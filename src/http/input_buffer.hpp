#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace rondo::http {

/// What a connection has sent and nobody has read yet, in one piece.
class input_buffer {
public:
    std::string_view unread() const { return {bytes_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }

    void consume(std::size_t count) {
        begin_ += count;
        if (empty())
            begin_ = end_ = 0;
    }

    struct room {
        char* data;
        std::size_t size;
    };
    /// Room for at least `least` bytes more; say with `commit` how many came. Moves what is unread.
    room prepare(std::size_t least) {
        if (bytes_.size() - end_ < least && begin_ > 0) {
            std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (bytes_.size() - end_ < least)
            bytes_.resize(end_ + least);
        return {bytes_.data() + end_, bytes_.size() - end_};
    }
    void commit(std::size_t count) { end_ += count; }

    /// Gives memory back if nothing is unread and more than `kept_max` is held.
    void trim(std::size_t kept_max) {
        if (empty() && bytes_.size() > kept_max)
            bytes_ = {};
    }

private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace rondo::http

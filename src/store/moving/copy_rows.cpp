#include "store/moving/copy_rows.hpp"

#include <algorithm>
#include <array>

#include <sodium.h>

#include "base/error.hpp"

namespace rondo {

namespace {

constexpr std::size_t rows_per_batch = 1000;
constexpr int data_exit = 65;

/// The same for the same values, whichever engine they lie in.
class row_hash {
public:
    row_hash() { crypto_generichash_init(&state_, nullptr, 0, size); }

    void add(const kept_row& row) {
        for (const cell& value : row) {
            add_number(value.index());
            if (const auto* number = std::get_if<std::int64_t>(&value))
                add_number(static_cast<std::uint64_t>(*number));
            else if (const auto* text = std::get_if<std::string>(&value))
                add_bytes(*text);
            else if (const auto* bytes = std::get_if<raw_bytes>(&value))
                add_bytes(bytes->bytes);
            else if (const auto* id = std::get_if<uuid>(&value))
                crypto_generichash_update(&state_, id->bytes.data(), id->bytes.size());
        }
    }

    std::string hexadecimal() {
        std::array<unsigned char, size> made{};
        crypto_generichash_final(&state_, made.data(), made.size());
        std::string text(2 * size + 1, '\0');
        sodium_bin2hex(text.data(), text.size(), made.data(), made.size());
        text.pop_back();
        return text;
    }

private:
    static constexpr std::size_t size = 32;

    void add_number(std::uint64_t value) {
        std::array<unsigned char, 8> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<unsigned char>(value >> (8 * i) & 0xff);
        crypto_generichash_update(&state_, bytes.data(), bytes.size());
    }
    void add_bytes(std::string_view bytes) {
        add_number(bytes.size());
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }

    crypto_generichash_state state_{};
};

/// Gives every row after `last` to `take`, batch by batch.
void walk(row_reader& from, const table_shape& of, std::optional<kept_row> last,
          const std::function<void(const std::vector<kept_row>&)>& take) {
    for (;;) {
        const auto batch = from.read(of, last, rows_per_batch);
        if (batch.empty())
            return;
        take(batch);
        last = batch.back();
    }
}

copied_table sum_of(row_reader& of, const table_shape& table, const std::function<void(std::size_t)>& tell) {
    copied_table sum{.name = table.name, .hash = {}};
    row_hash hash;
    walk(of, table, std::nullopt, [&](const std::vector<kept_row>& batch) {
        std::ranges::for_each(batch, [&](const kept_row& row) { hash.add(row); });
        sum.rows += static_cast<std::int64_t>(batch.size());
        tell(batch.size());
    });
    sum.hash = hash.hexadecimal();
    return sum;
}

}  // namespace

std::vector<copied_table> copy_rows(row_reader& from, row_writer& to,
                                    const std::function<void(const copy_progress&)>& tell) {
    copy_progress progress;
    for (const table_shape& table : table_shapes())
        progress.total += from.count(table);
    const auto tell_more = [&](std::size_t rows) {
        progress.done += static_cast<std::int64_t>(rows);
        tell(progress);
    };

    for (const table_shape& table : table_shapes()) {
        progress.table = table.name;
        auto last = to.last(table);
        if (last)
            tell_more(static_cast<std::size_t>(to.count(table)));
        walk(from, table, std::move(last), [&](const std::vector<kept_row>& batch) {
            to.write(table, batch);
            tell_more(batch.size());
        });
    }

    progress = {.now = copy_progress::phase::checking, .table = {}, .total = progress.total};
    std::vector<copied_table> copied;
    for (const table_shape& table : table_shapes()) {
        progress.table = table.name;
        const auto source = sum_of(from, table, tell_more);
        copied.push_back(sum_of(to, table, [](std::size_t) {}));
        if (copied.back().rows != source.rows || copied.back().hash != source.hash)
            throw fatal{data_exit, "The copy is not like its source: the table " + std::string{table.name} + " has " +
                                       std::to_string(copied.back().rows) + " rows, the source's " +
                                       std::to_string(source.rows) +
                                       ", or their content differs. The source has changed since the copy was begun. "
                                       "Nothing uses the copy; begin with an empty database again, and leave the "
                                       "source alone meanwhile."};
    }
    to.finish();
    return copied;
}

}  // namespace rondo

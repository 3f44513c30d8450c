#include "text/words.hpp"

#include "text/icu.hpp"
#include "text/letters.hpp"

namespace rondo {

namespace {

constexpr UChar32 zero_width_joiner = 0x200d, keycap = 0x20e3, ellipsis = 0x2026;

bool is_variation_selector(UChar32 c) {
    return c == 0xfe0e || c == 0xfe0f;
}
bool is_skin_tone(UChar32 c) {
    return c >= 0x1f3fb && c <= 0x1f3ff;
}
bool is_half_flag(UChar32 c) {
    return c >= 0x1f1e6 && c <= 0x1f1ff;
}
/// Of which the flags of England and Texas are made.
bool is_tag_character(UChar32 c) {
    return c >= 0xe0020 && c <= 0xe007f;
}

bool is_ascii_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Puts words and signs beside each other.
class line_of_words {
public:
    void letter(char ascii) {
        begin_word();
        made_.text.push_back(ascii);
    }
    void letter(UChar32 c) {
        begin_word();
        append(c);
    }
    /// A word or a sign by itself.
    void single(const icu::UnicodeString& whole) {
        end();
        begin();
        whole.toUTF8String(made_.text);
        made_.text.push_back(' ');
    }
    void single(char ascii) {
        end();
        begin();
        made_.text.push_back(ascii);
        made_.text.push_back(' ');
    }
    void end() {
        if (in_word_)
            made_.text.push_back(' ');
        in_word_ = false;
    }
    folded_words finish() {
        end();
        return std::move(made_);
    }

private:
    void begin() {
        if (made_.text.empty())
            made_.text.push_back(' ');
        made_.ends_in_word = false;
    }
    void begin_word() {
        if (in_word_)
            return;
        begin();
        in_word_ = made_.ends_in_word = true;
    }
    void append(UChar32 c) { icu::UnicodeString{c}.toUTF8String(made_.text); }

    folded_words made_;
    bool in_word_ = false;
};

class reader {
public:
    explicit reader(const icu::UnicodeString& text) : text_{text} {}

    folded_words read() {
        while (at_ < text_.length()) {
            const UChar32 c = text_.char32At(at_);
            if (is_keycap()) {
                read_sign(c);
            } else if (const letter_kind kind = kind_of(c); kind == letter_kind::part_of_word) {
                read_word();
            } else if (kind == letter_kind::space) {
                line_.end();
                at_ += U16_LENGTH(c);
            } else {
                read_sign(c);
            }
        }
        return line_.finish();
    }

private:
    UChar32 peek(int32_t at) const { return at < text_.length() ? text_.char32At(at) : 0; }

    /// "1", "#" or "*" as a key.
    bool is_keycap() const {
        const UChar32 c = text_.char32At(at_);
        if (c >= 0x80 || (c != '#' && c != '*' && (c < '0' || c > '9')))
            return false;
        return peek(at_ + 1) == keycap || (is_variation_selector(peek(at_ + 1)) && peek(at_ + 2) == keycap);
    }

    void read_word() {
        const int32_t from = at_;
        do {
            at_ += U16_LENGTH(text_.char32At(at_));
        } while (at_ < text_.length() && !is_keycap() && kind_of(text_.char32At(at_)) == letter_kind::part_of_word);
        const icu::UnicodeString word = folded_word(text_.tempSubStringBetween(from, at_));
        for (int32_t i = 0; i < word.length();) {
            const UChar32 c = word.char32At(i);
            i += U16_LENGTH(c);
            // Some forms stand for more than a word: ŉ for an apostrophe and a letter.
            if (const letter_kind kind = kind_of(c); kind == letter_kind::space)
                line_.end();
            else if (kind == letter_kind::sign)
                line_.single(icu::UnicodeString{plain_sign(c)});
            else if (is_of_unspaced_script(c))
                line_.single(icu::UnicodeString{c});
            else
                line_.letter(c);
        }
    }

    void read_sign(UChar32 c) {
        at_ += U16_LENGTH(c);
        if (c == ellipsis) {
            for (int i = 0; i < 3; ++i)
                line_.single('.');
            return;
        }
        icu::UnicodeString whole{u_foldCase(plain_sign(c), U_FOLD_CASE_DEFAULT)};
        if (is_half_flag(c) && is_half_flag(peek(at_)))
            take(whole);
        for (;;) {
            const UChar32 next = peek(at_);
            if (is_variation_selector(next))
                at_ += U16_LENGTH(next);
            else if (is_skin_tone(next) || is_tag_character(next) || (U_GET_GC_MASK(next) & U_GC_M_MASK) != 0)
                take(whole);
            else if (next == zero_width_joiner && at_ + 1 < text_.length() &&
                     kind_of(peek(at_ + 1)) == letter_kind::sign) {
                take(whole);
                take(whole);
            } else {
                break;
            }
        }
        line_.single(whole);
    }

    void take(icu::UnicodeString& to) {
        const UChar32 c = text_.char32At(at_);
        to.append(c);
        at_ += U16_LENGTH(c);
    }

    const icu::UnicodeString& text_;
    int32_t at_ = 0;
    line_of_words line_;
};

folded_words words_of_ascii(std::string_view text) {
    line_of_words line;
    for (const char c : text) {
        if (is_ascii_word(c))
            line.letter(lower(c));
        else if (c <= ' ' || c == '\x7f')
            line.end();
        else
            line.single(c);
    }
    return line.finish();
}

}  // namespace

folded_words words_of(std::string_view text) {
    if (is_ascii(text))
        return words_of_ascii(text);
    return reader{normalized(nfc_of_icu(), utf16_of(text))}.read();
}

}  // namespace rondo

#include "contract/store/instantiate.hpp"

namespace rondo::test {

using namespace std::chrono_literals;

namespace {

digest digest_of(int value) {
    digest made{};
    made.fill(static_cast<std::byte>(value));
    return made;
}

void expect_same(const user& actual, const user& expected) {
    EXPECT_EQ(actual.id, expected.id);
    EXPECT_EQ(actual.email, expected.email);
    EXPECT_EQ(actual.name, expected.name);
    EXPECT_EQ(actual.zone, expected.zone);
    EXPECT_EQ(actual.password_hash, expected.password_hash);
    EXPECT_EQ(actual.created_at, expected.created_at);
}

}  // namespace

class accounts : public store_contract {
protected:
    session add_session(user_id of, std::optional<std::string> agent = std::nullopt) {
        return write([&](transaction& tx) {
            const session added{.id = tx.new_id<session_id>(),
                                .user = of,
                                .created_at = tx.now(),
                                .revoked_at = std::nullopt,
                                .agent = agent};
            tx.insert_session(added);
            return added;
        });
    }
    void add_token(const session& of, int value, instant expires_at) {
        write([&](transaction& tx) {
            tx.insert_refresh_token(
                {.hash = digest_of(value), .session = of.id, .expires_at = expires_at, .used_at = std::nullopt});
        });
    }
    std::optional<std::pair<refresh_token, session>> token(int value) {
        return read([&](const transaction& tx) { return tx.find_refresh_token(digest_of(value)); });
    }
    std::optional<user> user_of(const session& of) {
        return read([&](const transaction& tx) { return tx.find_session_user(of.id); });
    }
    std::optional<user> by_email(std::string_view email) {
        return read([&](const transaction& tx) { return tx.find_user_by_email(email); });
    }
    std::size_t purge(instant throttles, instant answers, instant tokens, std::size_t limit = 100) {
        return write([&](transaction& tx) { return tx.purge_accounts(throttles, answers, tokens, limit); });
    }
};

TEST_P(accounts, KeepEveryFieldOfAUser) {
    user carla = add_user("Carla@Example.org");
    expect_same(read([&](const transaction& tx) { return tx.find_user(carla.id).value(); }), carla);
    carla.name = "Carla 🙂";
    carla.zone = zone("America/New_York");
    carla.password_hash = "$argon2id$v=19$m=19456,t=2,p=1$abc$def";
    write([&](transaction& tx) { tx.update_user(carla); });
    expect_same(by_email("carla@example.ORG").value(), carla);
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_user(user_id{}).has_value(); }));
    EXPECT_FALSE(by_email("carla@example.com"));
}

TEST_P(accounts, TakeAnEmailOnceWithoutRegardToCase) {
    user twin = ann;
    twin.id = new_id<user_id>();
    twin.email = "ANN@Example.Org";
    EXPECT_FALSE(write([&](transaction& tx) { return tx.insert_user(twin); }));
    EXPECT_EQ(by_email("ann@EXAMPLE.org")->id, ann.id);
    EXPECT_EQ(by_email("ann@EXAMPLE.org")->email, "ann@example.org");
}

TEST_P(accounts, FindTheUserOfASessionUntilItIsRevoked) {
    const session phone = add_session(ann.id);
    const session laptop = add_session(ann.id);
    const session his = add_session(bob.id);
    EXPECT_EQ(user_of(phone)->id, ann.id);
    write([&](transaction& tx) { tx.revoke_session(phone.id, tx.now()); });
    EXPECT_FALSE(user_of(phone));
    EXPECT_TRUE(user_of(laptop));
    write([&](transaction& tx) { tx.revoke_sessions_of(ann.id, tx.now()); });
    EXPECT_FALSE(user_of(laptop));
    EXPECT_TRUE(user_of(his));
    EXPECT_FALSE(read([&](const transaction& tx) { return tx.find_session_user(session_id{}).has_value(); }));
}

TEST_P(accounts, FindARefreshTokenWithItsSession) {
    const session phone = add_session(ann.id);
    add_token(phone, 1, now() + 1h);
    auto found = token(1);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first.hash, digest_of(1));
    EXPECT_EQ(found->first.session, phone.id);
    EXPECT_EQ(found->first.expires_at, now() + 1h);
    EXPECT_EQ(found->first.used_at, std::nullopt);
    EXPECT_EQ(found->second.id, phone.id);
    EXPECT_EQ(found->second.user, ann.id);
    EXPECT_EQ(found->second.created_at, now());
    EXPECT_EQ(found->second.revoked_at, std::nullopt);
    EXPECT_FALSE(token(2));

    write([&](transaction& tx) {
        tx.mark_refresh_token_used(digest_of(1), tx.now() + 2s);
        tx.revoke_session(phone.id, tx.now() + 3s);
    });
    found = token(1);
    EXPECT_EQ(found->first.used_at, now() + 2s);
    EXPECT_EQ(found->second.revoked_at, now() + 3s);
}

TEST_P(accounts, KeepTheFirstInstantOfARevocation) {
    const session phone = add_session(ann.id);
    add_token(phone, 1, now() + 1h);
    write([&](transaction& tx) {
        tx.revoke_session(phone.id, tx.now());
        tx.revoke_session(phone.id, tx.now() + 1s);
        tx.revoke_sessions_of(ann.id, tx.now() + 2s);
    });
    EXPECT_EQ(token(1)->second.revoked_at, now());
}

TEST_P(accounts, ListAUsersLiveSessionsTheLastUsedFirst) {
    const auto live = [&](user_id of) {
        return read([&](const transaction& tx) { return tx.live_sessions_of(of, now()); });
    };
    const session other = add_session(add_user("dora@example.org").id);
    add_token(other, 9, now() + 30s);
    const user ada = add_user("ada.new@example.org");
    EXPECT_THAT(live(ada.id), ::testing::IsEmpty());

    const session phone = add_session(ada.id, "A phone");
    add_token(phone, 1, now() + 30s);
    time().advance(1s);
    const session laptop = add_session(ada.id);
    add_token(laptop, 2, now() + 30s);
    const instant laptop_began = now();
    auto found = live(ada.id);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].session.id, laptop.id);
    EXPECT_EQ(found[0].session.user, ada.id);
    EXPECT_EQ(found[0].session.agent, std::nullopt);
    EXPECT_EQ(found[0].last_used_at, laptop_began);
    EXPECT_EQ(found[1].session.agent, "A phone");
    EXPECT_EQ(found[1].session.created_at, phone.created_at);

    time().advance(1s);
    write([&](transaction& tx) { tx.mark_refresh_token_used(digest_of(1), tx.now()); });
    EXPECT_EQ(live(ada.id).size(), 1u) << "a used token leads nowhere";
    add_token(phone, 3, now() + 60s);
    found = live(ada.id);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].session.id, phone.id) << "used since";
    EXPECT_EQ(found[0].last_used_at, now());
    EXPECT_EQ(found[0].expires_at, now() + 60s);

    time().advance(30s);
    found = live(ada.id);
    ASSERT_EQ(found.size(), 1u) << "the laptop's token has expired";
    write([&](transaction& tx) { tx.revoke_session(phone.id, tx.now()); });
    EXPECT_THAT(live(ada.id), ::testing::IsEmpty());
    EXPECT_EQ(live(other.user).size(), 0u) << "expired, too";
}

TEST_P(accounts, KeepLoginThrottlesUntilTheyAreCleared) {
    const auto find_throttle = [&](std::string_view key) {
        return read([&](const transaction& tx) { return tx.find_login_throttle(key); });
    };
    write([&](transaction& tx) {
        tx.save_login_throttle(
            {.key = "account:ann", .failures = 1, .last_failure_at = tx.now(), .blocked_until = tx.now()});
        tx.save_login_throttle(
            {.key = "account:ann", .failures = 5, .last_failure_at = tx.now() + 1s, .blocked_until = tx.now() + 2s});
    });
    const auto found = find_throttle("account:ann");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key, "account:ann");
    EXPECT_EQ(found->failures, 5);
    EXPECT_EQ(found->last_failure_at, now() + 1s);
    EXPECT_EQ(found->blocked_until, now() + 2s);
    EXPECT_FALSE(find_throttle("address:1"));
    write([&](transaction& tx) { tx.clear_login_throttle("account:ann"); });
    EXPECT_FALSE(find_throttle("account:ann"));
}

TEST_P(accounts, RememberAnAnswerForItsScopeAndKey) {
    const std::string bytes{"\0\xff\x80 sealed", 10};
    const auto find_answer = [&](std::string_view scope, std::string_view key) {
        return read([&](const transaction& tx) { return tx.find_answer(scope, key); });
    };
    write([&](transaction& tx) {
        tx.remember_answer({.scope = "ann POST /api/tasks",
                            .key = "k1",
                            .request_hash = digest_of(9),
                            .answer = bytes,
                            .created_at = tx.now()});
    });
    const auto found = find_answer("ann POST /api/tasks", "k1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->scope, "ann POST /api/tasks");
    EXPECT_EQ(found->key, "k1");
    EXPECT_EQ(found->request_hash, digest_of(9));
    EXPECT_EQ(found->answer, bytes);
    EXPECT_EQ(found->created_at, now());
    EXPECT_FALSE(find_answer("bob POST /api/tasks", "k1"));
    EXPECT_FALSE(find_answer("ann POST /api/tasks", "k2"));

    write([&](transaction& tx) {
        tx.remember_answer({.scope = "ann POST /api/tasks",
                            .key = "k1",
                            .request_hash = digest_of(8),
                            .answer = "",
                            .created_at = tx.now() + 25h});
    });
    EXPECT_EQ(find_answer("ann POST /api/tasks", "k1")->request_hash, digest_of(8));
    EXPECT_EQ(find_answer("ann POST /api/tasks", "k1")->answer, "");
}

TEST_P(accounts, ArePurgedOfThrottlesAndAnswersOfNoMoreUse) {
    write([&](transaction& tx) {
        for (int i = 0; i < 5; ++i) {
            const std::string key = std::to_string(i);
            const instant at = tx.now() + std::chrono::seconds{i};
            tx.save_login_throttle({.key = key, .failures = 1, .last_failure_at = at, .blocked_until = at});
            tx.remember_answer(
                {.scope = "", .key = key, .request_hash = digest_of(1), .answer = "a", .created_at = at});
        }
    });
    EXPECT_EQ(purge(now(), now(), now()), 0u);
    EXPECT_EQ(purge(now() + 2s, now(), now()), 2u);
    EXPECT_FALSE(read([](const transaction& tx) { return tx.find_login_throttle("1").has_value(); }));
    EXPECT_TRUE(read([](const transaction& tx) { return tx.find_login_throttle("2").has_value(); }));
    EXPECT_EQ(purge(now(), now() + 4s, now()), 4u);
    EXPECT_FALSE(read([](const transaction& tx) { return tx.find_answer("", "3").has_value(); }));
    EXPECT_TRUE(read([](const transaction& tx) { return tx.find_answer("", "4").has_value(); }));
    EXPECT_EQ(purge(now() + 1h, now() + 1h, now(), 1), 2u);  // one of each kind
}

TEST_P(accounts, ArePurgedOfSessionsWhoseEveryTokenHasExpired) {
    const session dead = add_session(ann.id);
    add_token(dead, 1, now() + 1h);
    add_token(dead, 2, now() + 2h);
    const session living = add_session(ann.id);
    add_token(living, 3, now() + 1h);
    add_token(living, 4, now() + 5h);
    EXPECT_EQ(purge({}, {}, now() + 2h), 0u);
    EXPECT_EQ(purge({}, {}, now() + 3h), 1u);
    EXPECT_FALSE(user_of(dead));
    EXPECT_FALSE(token(1));
    EXPECT_FALSE(token(2));
    EXPECT_TRUE(user_of(living));
    EXPECT_TRUE(token(3));
}

TEST_P(accounts, KeepAYoungSessionWithoutATokenWhenPurged) {
    const session young = add_session(ann.id);
    EXPECT_EQ(purge({}, {}, now()), 0u);
    EXPECT_TRUE(user_of(young));
}

RONDO_ON_EVERY_ENGINE(accounts);

}  // namespace rondo::test

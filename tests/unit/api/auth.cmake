rondo_test(unit_api_auth LIBS rondo_api rondo_store_sqlite PkgConfig::sodium SOURCES
  auth_account_test.cpp auth_form_test.cpp auth_login_test.cpp auth_register_test.cpp auth_sessions_test.cpp
  auth_throttle_test.cpp idempotency_test.cpp)

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/base/Task.h"
#include "tests/support/TestSupport.h"

#include <set>

using namespace limpid;

class ErrorTest : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeHasItsOwnName()
    {
        std::set<std::string_view> names;
        for (const ErrorCode code : allErrorCodes())
            names.insert(errorName(code));
        QCOMPARE(names.size(), allErrorCodes().size());
        QCOMPARE(errorName(ErrorCode::FileNotFound), std::string_view("FileNotFound"));
        QCOMPARE(errorName(ErrorCode::Internal), std::string_view("Internal"));
    }

    void carriesItsFacts()
    {
        const Error error(ErrorCode::TableRaggedRow, {{"path", "a.csv"}, {"line", "7"}}, "detail");
        QCOMPARE(fact(error.facts(), "line"), std::string("7"));
        QCOMPARE(fact(error.facts(), "none"), std::string());
        QCOMPARE(std::string(error.what()), std::string("TableRaggedRow path=a.csv line=7: detail"));
    }

    void firstErrorIsThrownAndWarningsAreNot()
    {
        const Issue warning{Severity::Warning, "x", ErrorCode::ColumnExtra, {}};
        const Issue error{Severity::Error, "x", ErrorCode::ColumnMissing, {}};
        QCOMPARE(test::errorNameOf([&] { throwFirstError({warning}); }), std::string("(no error)"));
        QCOMPARE(test::errorNameOf([&] { throwFirstError({warning, error}); }), std::string("ColumnMissing"));
    }

    void nearest_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a letter missing") << "incme" << "income";
        QTest::newRow("case") << "INCOME" << "income";
        QTest::newRow("two swapped") << "spceies" << "species";
        QTest::newRow("nothing near") << "temperature" << "";
        QTest::newRow("exact") << "species" << "species";
        QTest::newRow("empty") << "" << "";
    }
    void nearest()
    {
        QFETCH(QString, name);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(nearestName(name.toStdString(), {"species", "income", "age_in_years"})), expected);
    }

    void isoTimeIsUtc()
    {
        // GNU date: date -u -d @1772373909 +%FT%TZ
        QCOMPARE(isoTime(1772373909000), std::string("2026-03-01T14:05:09Z"));
        QCOMPARE(isoTime(0), std::string("1970-01-01T00:00:00Z"));
    }

    void taskReportsAndCancels()
    {
        std::vector<std::string> stages;
        Task task([&](const Task::Progress& progress) { stages.push_back(progress.stage); });
        task.report(0.5, "read");
        QCOMPARE(stages, std::vector<std::string>{"read"});
        task.checkpoint();
        task.finish();
        QVERIFY(task.isFinishing() && !task.isCancelled());
        task.cancel();
        QVERIFY_THROWS_EXCEPTION(Cancelled, task.checkpoint());
    }
};

QTEST_GUILESS_MAIN(ErrorTest)
#include "tst_error.moc"

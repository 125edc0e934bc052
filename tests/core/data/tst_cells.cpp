#include "core/data/Cells.h"
#include "core/data/NormalQuantile.h"
#include "tests/support/TestSupport.h"

#include <cmath>

using namespace limpid;

class CellsTest : public QObject
{
    Q_OBJECT

private slots:
    void numbers_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("value");
        const auto row = [](const char* text, NumberKind kind, double value = 0.0) {
            QTest::newRow(text) << QString(text) << static_cast<int>(kind) << value;
        };
        row("0", NumberKind::Finite, 0.0);
        row("-12", NumberKind::Finite, -12.0);
        row("+7", NumberKind::Finite, 7.0);
        row(" 3.5 ", NumberKind::Finite, 3.5);
        row(".5", NumberKind::Finite, 0.5);
        row("5.", NumberKind::Finite, 5.0);
        row("1e5", NumberKind::Finite, 1e5);
        row("1E-3", NumberKind::Finite, 1e-3);
        row("0.1", NumberKind::Finite, 0.1);
        row("9007199254740993", NumberKind::Finite, 9007199254740992.0); // 2^53 + 1 rounds to even
        row("1.7976931348623157e308", NumberKind::Finite, 1.7976931348623157e308);
        row("1e-999", NumberKind::Finite, 0.0);
        row("1e999", NumberKind::TooLarge);
        row("-1e999", NumberKind::TooLarge);
        row("nan", NumberKind::NotFinite);
        row("NaN", NumberKind::NotFinite);
        row("-Inf", NumberKind::NotFinite);
        row("Infinity", NumberKind::NotFinite);
        row("", NumberKind::None);
        row("-", NumberKind::None);
        row("abc", NumberKind::None);
        row("12abc", NumberKind::None);
        row("1,5", NumberKind::None);
        row("0x10", NumberKind::None);
        row("1 000", NumberKind::None);
        row("1e", NumberKind::None);
        row("--1", NumberKind::None);
        row("+-1", NumberKind::None);
        row("information", NumberKind::None);
    }
    void numbers()
    {
        QFETCH(QString, text);
        QFETCH(int, kind);
        QFETCH(double, value);
        const NumberCell cell = parseNumber(text.toStdString());
        QCOMPARE(static_cast<int>(cell.kind), kind);
        if (cell.kind == NumberKind::Finite)
            QVERIFY(cell.value == value);
    }

    void decimalComma()
    {
        QCOMPARE(parseNumber("3,25", true).value, 3.25);
        QCOMPARE(parseNumber("-1,5e2", true).value, -150.0);
        QCOMPARE(parseNumber("7", true).value, 7.0);
        QVERIFY(parseNumber("3.25", true).kind == NumberKind::None);
        QVERIFY(parseNumber("1,2,3", true).kind == NumberKind::None);
        QCOMPARE(parseNumber("0," + std::string(100, '3'), true).value, 1.0 / 3.0);
    }

    void tooLargeWithoutExponent()
    {
        QVERIFY(parseNumber(std::string(400, '9')).kind == NumberKind::TooLarge);
        QCOMPARE(parseNumber("0." + std::string(400, '0') + "1").value, 0.0);
    }

    /// Expected: `date -u -d TEXT +%s`.
    void dates_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("order");
        QTest::addColumn<qint64>("ms");
        constexpr qint64 none = -1;
        const auto row = [](const char* text, DateOrder order, qint64 ms) {
            QTest::addRow("%s, order %d", text, static_cast<int>(order)) << QString(text) << static_cast<int>(order) << ms;
        };
        row("1970-01-01", DateOrder::Iso, 0);
        row("2001-01-01", DateOrder::Iso, 978307200000);
        row("2001-01-01 00:01", DateOrder::Iso, 978307260000);
        row("2001-01-01T00:01", DateOrder::Iso, 978307260000);
        row("2001-01-01T10:20:30", DateOrder::Iso, 978344430000);
        row("2001-01-01 10:20:30.25", DateOrder::Iso, 978344430250);
        row("2001-01-01 10:20:30.1239", DateOrder::Iso, 978344430123);
        row("2001-01-01T10:20:30Z", DateOrder::Iso, 978344430000);
        row("2001-01-01T10:20:30+02:00", DateOrder::Iso, 978337230000);
        row("2001-01-01T10:20:30-0530", DateOrder::Iso, 978364230000);
        row("2001/01/01", DateOrder::Iso, 978307200000);
        row("1900-02-28", DateOrder::Iso, -2203977600000);
        row("2000-02-29", DateOrder::Iso, 951782400000);
        row("2001-02-29", DateOrder::Iso, none);
        row("2001-13-01", DateOrder::Iso, none);
        row("2001-01/01", DateOrder::Iso, none);
        row("2001-01-01 24:00", DateOrder::Iso, none);
        row("2001-01-01 10:20x", DateOrder::Iso, none);
        row("2001-01-01 ", DateOrder::Iso, 978307200000);
        row("2001", DateOrder::Iso, none);
        row("20010101", DateOrder::Iso, none);
        row("31/12/2000", DateOrder::DayMonthYear, 978220800000);
        row("12/31/2000", DateOrder::DayMonthYear, none);
        row("12/31/2000", DateOrder::MonthDayYear, 978220800000);
        row("1.2.2001 08:30", DateOrder::DayMonthYear, 981016200000);
    }
    void dates()
    {
        QFETCH(QString, text);
        QFETCH(int, order);
        QFETCH(qint64, ms);
        const auto result = parseDateTime(text.toStdString(), static_cast<DateOrder>(order));
        QCOMPARE(qint64(result.value_or(-1)), ms);
    }

    void datesReadBack()
    {
        for (const char* text : {"2001-01-01", "2001-01-01 00:01", "1969-12-31 23:59:59.999", "0001-03-01 12:00:07"})
            QCOMPARE(formatDateTime(parseDateTime(text).value()), std::string(text));
    }

    void numbersReadBack()
    {
        for (const double value : {0.0, -0.0, 1.0, -17.0, 0.1, 1e15, 1e300, 5e-324, 123456789012345680.0, 1.0 / 3.0}) {
            const double back = parseNumber(formatNumber(value)).value;
            QVERIFY(back == value && std::signbit(back) == std::signbit(value));
        }
        QCOMPARE(formatNumber(42.0), std::string("42"));
        QCOMPARE(formatNumber(0.1), std::string("0.1"));
    }

    void marks()
    {
        for (const char* mark : {"NA", "n/a", "#N/A", "null", "None", "?", "-", " NA "})
            QVERIFY2(isMissingMark(mark), mark);
        for (const char* text : {"", "no", "nah", "0", "nan", "unknown"})
            QVERIFY2(!isMissingMark(text), text);
    }

    void booleans()
    {
        QCOMPARE(booleanValue("TRUE"), 1);
        QCOMPARE(booleanValue("no"), 0);
        QCOMPARE(booleanValue("1"), -1);
        QVERIFY(isBooleanPair("Yes", "no"));
        QVERIFY(!isBooleanPair("yes", "false"));
        QVERIFY(!isBooleanPair("yes", "YES"));
        QCOMPARE(booleanCounterpart("Yes"), std::string("No"));
        QCOMPARE(booleanCounterpart("FALSE"), std::string("TRUE"));
        QCOMPARE(booleanCounterpart("t"), std::string("f"));
        QCOMPARE(booleanCounterpart("maybe"), std::string());
    }

    /// Python's statistics.NormalDist().inv_cdf.
    void normalQuantiles_data()
    {
        QTest::addColumn<double>("p");
        QTest::addColumn<double>("x");
        QTest::newRow("1e-10") << 1e-10 << -6.361340902404056;
        QTest::newRow("0.001") << 0.001 << -3.090232306167813;
        QTest::newRow("border") << 0.02425 << -1.9729610513118845;
        QTest::newRow("0.1") << 0.1 << -1.2815515655446008;
        QTest::newRow("0.7") << 0.7 << 0.5244005127080407;
        QTest::newRow("0.975") << 0.975 << 1.9599639845400536;
        QTest::newRow("0.999999") << 0.999999 << 4.753424308817089;
    }
    void normalQuantiles()
    {
        QFETCH(double, p);
        QFETCH(double, x);
        QVERIFY(std::abs(normalQuantile(p) - x) < 1e-11 * std::max(1.0, std::abs(x)));
    }
};

QTEST_GUILESS_MAIN(CellsTest)
#include "tst_cells.moc"

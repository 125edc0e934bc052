#include "core/data/RowConditions.h"
#include "tests/support/TestSupport.h"

#include <QTest>

#include <numeric>

using namespace limpid;

namespace {

/// Six people; the fourth's age, sex, day and note are missing.
Table people()
{
    const double none = std::numeric_limits<double>::quiet_NaN();
    constexpr std::int64_t day = 86'400'000;
    return Table({Column::numbers("age", {25, 40, 61, none, 40.5, 18}),
                  Column::categories("sex", {0, 1, 1, -1, 0, 1}, {"Male", "Female"}),
                  Column::categories("pay, a year", {0, 1, 0, 1, 1, 0}, {"<=50K", ">50K"}),
                  Column::booleans("member", {0, 1, 0, 1, 0, 1}, {"no", "yes"}),
                  Column::dateTimes("day", {0, day, 2 * day, 0, 365 * day, -day}, {false, false, false, true, false, false}),
                  Column::texts("note", "abab", {0, 1, 2, 3, 3, 4, 4}, {false, false, false, true, false, false})});
}

QString numbersText(const std::vector<std::size_t>& rows)
{
    QStringList all;
    for (const std::size_t row : rows)
        all << QString::number(row);
    return all.join(' ');
}

} // namespace

class tst_RowConditions : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void onlyAmongTheRows();
    void writtenAndRead_data();
    void writtenAndRead();
    void refused_data();
    void refused();
};

void tst_RowConditions::matches_data()
{
    // Rows counted by hand in the table above.
    QTest::addColumn<QString>("conditions");
    QTest::addColumn<QString>("rows");
    QTest::newRow("above") << "age > 40" << "2 4";
    QTest::newRow("at least") << "age>=40" << "1 2 4";
    QTest::newRow("below") << "age < 25" << "5";
    QTest::newRow("at most") << "age <= 25" << "0 5";
    QTest::newRow("number") << "age = 40.0" << "1";
    QTest::newRow("not a number: a missing one is unequal") << "age != 40" << "0 2 3 4 5";
    QTest::newRow("category") << "sex = Female" << "1 2 5";
    QTest::newRow("not a category") << "sex != Female" << "0 3 4";
    QTest::newRow("another case") << "sex == female" << "1 2 5";
    QTest::newRow("missing") << "age = \"\"" << "3";
    QTest::newRow("not missing") << "sex != \"\"" << "0 1 2 4 5";
    QTest::newRow("comma") << "age > 20, sex = Female" << "1 2";
    QTest::newRow("and") << "age > 20 AND sex = Female and member = yes" << "1";
    QTest::newRow("quoted name, value with a comparison") << "\"pay, a year\" = >50K" << "1 3 4";
    QTest::newRow("quoted value") << "\"pay, a year\" = \"<=50K\", age<30" << "0 5";
    QTest::newRow("date") << "day >= 1970-01-02" << "1 2 4";
    QTest::newRow("text") << "note = b" << "1 4";
    QTest::newRow("none") << "age > 100" << "";
}

void tst_RowConditions::matches()
{
    QFETCH(QString, conditions);
    QFETCH(QString, rows);
    std::vector<std::size_t> all(6);
    std::iota(all.begin(), all.end(), std::size_t{0});
    QCOMPARE(numbersText(matchingRows(people(), parseConditions(conditions.toStdString()), all)), rows);
}

void tst_RowConditions::onlyAmongTheRows()
{
    const std::vector<std::size_t> some{5, 2, 0};
    QCOMPARE(numbersText(matchingRows(people(), parseConditions("sex = Female"), some)), QString("5 2"));
}

void tst_RowConditions::writtenAndRead_data()
{
    QTest::addColumn<QString>("conditions");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << "age>40,sex==Female" << "age > 40 and sex = Female";
    QTest::newRow("name that needs quotes") << "\"pay, a year\" != >50K" << "\"pay, a year\" != >50K";
    QTest::newRow("and in a value") << "job = \"research and development\"" << "job = \"research and development\"";
    QTest::newRow("quotes") << "note = \"say \"\"a\"\"\"" << "note = \"say \"\"a\"\"\"";
    QTest::newRow("missing") << "age=\"\"" << "age = \"\"";
    QTest::newRow("and within a word") << "band <= sandy" << "band <= sandy";
}

void tst_RowConditions::writtenAndRead()
{
    QFETCH(QString, conditions);
    QFETCH(QString, text);
    const std::vector<RowCondition> read = parseConditions(conditions.toStdString());
    QCOMPARE(QString::fromStdString(conditionsText(read)), text);
    QVERIFY(parseConditions(text.toStdString()) == read);
}

void tst_RowConditions::refused_data()
{
    QTest::addColumn<QString>("conditions");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("told");
    QTest::newRow("nothing") << "" << "OptionInvalid" << "";
    QTest::newRow("no comparison") << "age" << "OptionInvalid" << "age";
    QTest::newRow("no value") << "sex = Male, age >" << "OptionInvalid" << "age >";
    QTest::newRow("no name") << "> 40" << "OptionInvalid" << "> 40";
    QTest::newRow("comma at the end") << "age > 4," << "OptionInvalid" << "";
    QTest::newRow("open quote") << "sex = \"Male" << "OptionInvalid" << "sex = \"Male";
    QTest::newRow("behind the quote") << "sex = \"Male\" x" << "OptionInvalid" << "sex = \"Male\" x";
    QTest::newRow("less than missing") << "age < \"\"" << "OptionInvalid" << "age < \"\"";
    QTest::newRow("column") << "aeg > 4" << "ColumnUnknown" << "aeg";
    QTest::newRow("not a number") << "age > old" << "OptionInvalid" << "age > old";
    QTest::newRow("not a date") << "day > May" << "OptionInvalid" << "day > May";
    QTest::newRow("category compared") << "sex > Male" << "OptionInvalid" << "sex > Male";
    QTest::newRow("value that the column never has") << "sex = Femal" << "OptionInvalid" << "sex = Femal";
}

void tst_RowConditions::refused()
{
    QFETCH(QString, conditions);
    QFETCH(QString, error);
    QFETCH(QString, told);
    try {
        matchingRows(people(), parseConditions(conditions.toStdString()), {});
        QFAIL("taken");
    } catch (const Error& e) {
        QCOMPARE(QString::fromLatin1(errorName(e.code()).data()), error);
        QCOMPARE(QString::fromStdString(fact(e.facts(), error == "ColumnUnknown" ? "column" : "value")), told);
        QVERIFY(error != "ColumnUnknown" || fact(e.facts(), "nearest") == "age");
    }
}

QTEST_GUILESS_MAIN(tst_RowConditions)
#include "tst_row_conditions.moc"

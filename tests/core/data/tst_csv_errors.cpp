#include "core/base/File.h"
#include "tests/core/data/CsvTesting.h"

using namespace limpid;
using limpid::test::readBytes;

namespace {

/// "Code fact=value …" of what reading throws, the path left out.
QString failure(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& error) {
        QStringList words{QString::fromUtf8(errorName(error.code()).data())};
        for (const auto& [key, value] : error.facts())
            if (key != "path" && key != "reason")
                words.append(QString::fromStdString(key + "=" + value));
        return words.join(' ');
    }
    return "(none)";
}

} // namespace

class CsvErrorsTest : public QObject
{
    Q_OBJECT

private slots:
    void badFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const QByteArray& bytes, const char* expected) {
            QTest::newRow(name) << bytes << QString(expected);
        };
        row("empty", "", "FileEmpty");
        row("blank", "\n \r\n\n", "FileEmpty");
        row("only a BOM", "\xef\xbb\xbf", "FileEmpty");
        row("header only", "a,b\n", "TableNoRows");
        row("header only, no newline", "a,b", "TableNoRows");
        row("header and blank lines", "a,b\n\n\r\n", "TableNoRows");
        row("row too short", "a,b,c\n1,2,3\n4,5\n6,7,8\n", "TableRaggedRow line=3 found=2 expected=3");
        row("row too long", "a,b\n1,2\n3,4,5,6\n", "TableRaggedRow line=3 found=4 expected=2");
        row("last row too short", "a,b\n1,2\n3", "TableRaggedRow line=3 found=1 expected=2");
        row("after a cell of two lines", "a,b\n\"x\ny\",2\n\n3\n", "TableRaggedRow line=5 found=1 expected=2");
        row("first of two", "a,b\n1\n2\n1,2\n", "TableRaggedRow line=2 found=1 expected=2");
        row("unclosed quote", "a,b\n1,2\n3,\"x\n4,5\n", "TableUnclosedQuote line=3");
        row("unclosed quote in the header", "a,\"b\n1,2\n", "TableUnclosedQuote line=1");
        row("duplicate name", "a,b,a\n1,2,3\n", "TableDuplicateColumn column=a");
        row("duplicate but for spaces", "a,b, a\n1,2,3\n", "TableDuplicateColumn column=a");
        row("empty name", "a,,c\n1,2,3\n", "TableEmptyColumnName position=2");
        row("NUL", QByteArray("a,b\n1,2\n\0,3\n", 11), "FileBinary");
        row("NUL in the header", QByteArray("a\0,b\n1,2\n", 9), "FileBinary");
        row("PNG", QByteArray::fromHex("89504e470d0a1a0a0000000d49484452000000100000001008060000001ff3ff61"), "FileBinary");
        row("control characters", QByteArray("\x01\x02\x03\x04\xff\x05\x06\n\x07", 9), "FileBinary");
        row("Latin-1", "a,b\n1,2\nM\xfcller,3\n", "FileEncoding line=3 offset=9");
        row("Latin-1 in the header", "gr\xf6\xdf" "e,b\n1,2\n", "FileEncoding line=1 offset=2");
        row("cut sequence", "a,b\n1,\xe2\x82\n", "FileEncoding line=2 offset=6");
        row("overlong", "a,b\n1,\xc0\xaf\n", "FileEncoding line=2 offset=6");
        row("surrogate", "a,b\n1,\xed\xa0\x80\n", "FileEncoding line=2 offset=6");
        row("UTF-16 with half a pair", QByteArray("\xff\xfe" "a\0\n\0\x00\xd8" "1\0", 10), "FileEncoding line=2 offset=6");
        row("UTF-16 cut", QByteArray("\xff\xfe" "a\0\n\0" "1", 7), "FileEncoding line=2 offset=6");
        row("gzip cut", QByteArray::fromHex("1f8b08000000000000034b"), "FileCompression");
        row("gzip damaged", QByteArray::fromHex("1f8b0800000000000003ffffffffffffffffffff"), "FileCompression");
        row("number too large", "a,b\n1,2\n3,1e999\n", "ColumnNumberTooLarge column=b line=3 value=1e999");
    }
    void badFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        QCOMPARE(failure([&] { readBytes(bytes); }), expected);
        for (const std::size_t chunkBytes : {1, 3, 7})
            QCOMPARE(failure([&] { readBytes(bytes, {}, chunkBytes); }), expected);
    }

    void typesThatDoNotFit_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("expected");
        QTest::newRow("number") << QByteArray("a\n1\nx\ny\n") << static_cast<int>(ColumnType::Number)
                                << "ColumnTypeMismatch column=a line=3 value=x type=number";
        QTest::newRow("date") << QByteArray("a\n2001-01-01\n5\n") << static_cast<int>(ColumnType::DateTime)
                              << "ColumnTypeMismatch column=a line=3 value=5 type=date-time";
        QTest::newRow("boolean") << QByteArray("a\nx\ny\nx\nz\n") << static_cast<int>(ColumnType::Boolean)
                                 << "ColumnTypeMismatch column=a line=5 value=z type=boolean";
    }
    void typesThatDoNotFit()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, type);
        QFETCH(QString, expected);
        CsvOptions options;
        options.types["a"] = static_cast<ColumnType>(type);
        QCOMPARE(failure([&] { readBytes(bytes, options); }), expected);
        QCOMPARE(failure([&] { readBytes(bytes, options, 2); }), expected);
    }

    void noFile()
    {
        const QTemporaryDir dir;
        Task task;
        QCOMPARE(failure([&] { readCsv(dir.filePath("none.csv").toStdString(), {}, task); }), QString("FileNotFound"));
        QCOMPARE(failure([&] { readCsv(dir.path().toStdString(), {}, task); }), QString("FileIsFolder"));
    }

    void pathIsAFact()
    {
        const QTemporaryDir dir;
        const auto path = test::write(dir, "größe.csv", "a,b\n1\n");
        Task task;
        try {
            readCsv(path, {}, task);
            QFAIL("no error");
        } catch (const Error& error) {
            QCOMPARE(fact(error.facts(), "path"), utf8(path));
        }
    }

    void cancelled()
    {
        const QTemporaryDir dir;
        const auto path = test::write(dir, "a.csv", "a\n1\n");
        Task task;
        task.cancel();
        QVERIFY_THROWS_EXCEPTION(Cancelled, readCsv(path, {}, task));
    }
};

QTEST_GUILESS_MAIN(CsvErrorsTest)
#include "tst_csv_errors.moc"

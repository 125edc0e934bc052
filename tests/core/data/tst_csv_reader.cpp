#include "tests/core/data/CsvTesting.h"

#include <zlib.h>

using namespace limpid;
using limpid::test::readBytes;
using limpid::test::shown;

namespace {

QByteArray gzipped(const QByteArray& bytes)
{
    QByteArray packed(bytes.size() + 1000, '\0');
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

QByteArray utf16(const QString& text, bool bigEndian)
{
    QByteArray bytes = bigEndian ? QByteArray("\xfe\xff") : QByteArray("\xff\xfe");
    for (const QChar c : text) {
        const char low = static_cast<char>(c.unicode() & 0xff), high = static_cast<char>(c.unicode() >> 8);
        bytes.append(bigEndian ? high : low).append(bigEndian ? low : high);
    }
    return bytes;
}

} // namespace

class CsvReaderTest : public QObject
{
    Q_OBJECT

private slots:
    /// Small files and the tables they mean, by RFC 4180 and the rules in CsvReader.h.
    void tables_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("table");
        const auto row = [](const char* name, const QByteArray& bytes, const QString& table) {
            QTest::newRow(name) << bytes << table;
        };
        row("plain", "a,b\n1,x\n2,y\n3,x\n", "a number: 1|2|3\nb category: x|y|x");
        row("no newline at the end", "a,b\n1,x\n2,x", "a number: 1|2\nb category: x|x");
        row("CRLF", "a,b\r\n1,x\r\n2,x\r\n", "a number: 1|2\nb category: x|x");
        row("CRLF, none at the end", "a,b\r\n1,x\r\n2,3", "a number: 1|2\nb category: x|3");
        row("CR alone", "a,b\r1,x\r2,x\r", "a number: 1|2\nb category: x|x");
        row("semicolon", "a;b\n1;x\n2;x\n", "a number: 1|2\nb category: x|x");
        row("tab", "a\tb\n1\tx\n2\tx\n", "a number: 1|2\nb category: x|x");
        row("pipe", "a|b\n1|x\n2|x\n", "a number: 1|2\nb category: x|x");
        row("commas within semicolons", "a;b\n1;x, y\n2;x, y\n", "a number: 1|2\nb category: x, y|x, y");
        row("decimal comma", "a;b\n1,5;x\n-2,25;x\n", "a number: 1.5|-2.25\nb category: x|x");
        row("decimal comma in quotes", "a,b\n\"1,5\",x\n\"2,25\",x\n", "a number: 1.5|2.25\nb category: x|x");
        row("quotes", "a,b\n\"x,y\",1\n\"x,y\",2\n", "a category: x,y|x,y\nb number: 1|2");
        row("doubled quotes", "a,b\n\"say \"\"hi\"\"\",1\n\"say \"\"hi\"\"\",2\n",
            "a category: say \"hi\"|say \"hi\"\nb number: 1|2");
        row("newline in quotes", "a,b\n\"x\ny\",1\n\"x\ny\",2\n", "a category: x\ny|x\ny\nb number: 1|2");
        row("quoted numbers", "a,b\n\"1\",x\n\"2\",x\n", "a number: 1|2\nb category: x|x");
        row("quoted header", "\"a,1\",\" b \"\n1,2\n3,4\n", "a,1 number: 1|3\nb number: 2|4");
        row("quote inside a plain field", "a,b\n5\" pipe,1\n5\" pipe,2\n", "a category: 5\" pipe|5\" pipe\nb number: 1|2");
        row("text after the closing quote", "a,b\n\"x\"y,1\n\"x\"y,2\n", "a category: xy|xy\nb number: 1|2");
        row("empty cells", "a,b\n1,\n,x\n3,\"\"\n4,x\n", "a number: 1|~|3|4\nb category: ~|x|~|x");
        row("empty last cell without newline", "a,b\n1,2\n3,", "a number: 1|3\nb number: 2|~");
        row("blank lines", "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", "a number: 1|3\nb number: 2|4");
        row("one column", "a\n1\n2\n\"\"\n4\n", "a number: 1|2|~|4");
        row("UTF-8", "größe,b\nä,1\nä,2\n", "größe category: ä|ä\nb number: 1|2");
        row("BOM", "\xef\xbb\xbf" "a,b\n1,2\n", "a number: 1\nb number: 2");
        row("UTF-16LE", utf16("größe,b\nä€😀,1\nä€😀,2\n", false), "größe category: ä€😀|ä€😀\nb number: 1|2");
        row("UTF-16BE", utf16("größe,b\r\nä€😀,1\r\nä€😀,2", true), "größe category: ä€😀|ä€😀\nb number: 1|2");
        row("gzip", gzipped("a,b\n1,x\n2,x\n"), "a number: 1|2\nb category: x|x");
        row("gzip of two parts", gzipped("a,b\n1,x\n") + gzipped("2,x\n"), "a number: 1|2\nb category: x|x");
        row("NA among numbers", "a,b\n1,NA\n?,x\n3,NA\n", "a number: 1|~|3\nb category: NA|x|NA");
        row("NA among dates", "a,b\n2001-01-01,1\nn/a,2\n", "a date-time: 2001-01-01|~\nb number: 1|2");
        row("only NA", "a,b\nNA,1\nNA,2\n", "a category: NA|NA\nb number: 1|2");
        row("all missing", "a,b\n,1\n,2\n", "a text: ~|~\nb number: 1|2");
        row("numbers of all forms", "a\n-1\n+2.50\n.5\n1e3\n 7 \n0.1\n1e21\n",
            "a number: -1|2.5|0.5|1000|7|0.1|1e+21");
        row("zero and one stay numbers", "a\n0\n1\n1\n", "a number: 0|1|1");
        row("booleans", "a,b,c,d\nyes,True,n,f\nno,False,y,t\nyes,True,n,f\n",
            "a boolean: yes|no|yes\nb boolean: True|False|True\nc boolean: n|y|n\nd boolean: f|t|f");
        row("booleans with gaps", "a,b\nyes,1\n,2\nno,3\n", "a boolean: yes|~|no\nb number: 1|2|3");
        row("three values are no boolean", "a\nyes\nno\nmaybe\nyes\n", "a category: yes|no|maybe|yes");
        row("dates", "a,b,c\n2001-01-01,2001-01-01 00:01,2001-01-01T10:00:00Z\n2001-02-28,2001-01-02 23:59,2001-01-01T10:00:00+01:00\n",
            "a date-time: 2001-01-01|2001-02-28\nb date-time: 2001-01-01 00:01|2001-01-02 23:59\n"
            "c date-time: 2001-01-01 10:00|2001-01-01 09:00");
        row("day first", "a\n01/02/2001\n31/12/2001\n01/02/2001\n", "a date-time: 2001-02-01|2001-12-31|2001-02-01");
        row("month first", "a\n01/02/2001\n12/31/2001\n01/02/2001\n", "a date-time: 2001-01-02|2001-12-31|2001-01-02");
        row("which is the month", "a\n01/02/2001\n03/04/2001\n01/02/2001\n", "a category: 01/02/2001|03/04/2001|01/02/2001");
        row("dates and numbers", "a\n2001-01-01\n5\n5\n", "a category: 2001-01-01|5|5");
        row("unique strings are text", "a,b\nann,1\nbob,2\ncy,3\ndee,4\n", "a text: ann|bob|cy|dee\nb number: 1|2|3|4");
        row("unique strings with a gap", "a,b\nann,1\n,2\ncy,3\ndee,4\n", "a text: ann|~|cy|dee\nb number: 1|2|3|4");
    }
    void tables()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, table);
        const CsvResult result = readBytes(bytes);
        QCOMPARE(shown(result.table), table);
        QCOMPARE(result.bytes, std::uint64_t(bytes.size()));
        // What was settled reads the same table again.
        QCOMPARE(shown(readBytes(bytes, result.used).table), table);
        // And so does every way of cutting the file.
        for (std::size_t chunkBytes = 1; chunkBytes < 12; ++chunkBytes)
            QCOMPARE(shown(readBytes(bytes, {}, chunkBytes).table), table);
    }

    void encodings()
    {
        QCOMPARE(readBytes("a\n1\n").encoding, std::string("UTF-8"));
        QCOMPARE(readBytes("\xef\xbb\xbf" "a\n1\n").encoding, std::string("UTF-8 with BOM"));
        QCOMPARE(readBytes(utf16("a\n1\n", false)).encoding, std::string("UTF-16LE"));
        QCOMPARE(readBytes(utf16("a\n1\n", true)).encoding, std::string("UTF-16BE"));
    }

    void settledOptions()
    {
        const CsvResult result = readBytes("a;b\n1,5;yes\n2,5;no\n");
        QCOMPARE(result.used.separator.value(), ';');
        QCOMPARE(result.used.decimalComma.value(), true);
        QVERIFY(result.used.types.at("a") == ColumnType::Number);
        QVERIFY(result.used.types.at("b") == ColumnType::Boolean);
    }

    void separatorGiven()
    {
        CsvOptions options;
        options.separator = '|';
        QCOMPARE(shown(readBytes("a,b|c\nx,y|3\nx,y|4\n", options).table), QString("a,b category: x,y|x,y\nc number: 3|4"));
    }

    void reasons_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("facts");
        QByteArray many = "a\n", texts = "a\n", mixed = "a\n";
        for (int i = 0; i < 50; ++i) {
            many += "name" + QByteArray::number(i) + '\n';
            texts += "a long sentence about the number " + QByteArray::number(i) + " at some length\n";
            mixed += QByteArray::number(i) + '\n';
        }
        QTest::newRow("numbers") << QByteArray("a\n1\nNA\n") << "all-numbers" << "marks=NA marked=1";
        QTest::newRow("boolean") << QByteArray("a\nyes\nno\n") << "two-values" << "values=yes, no";
        QTest::newRow("category") << QByteArray("a\nx\ny\nx\n") << "few-values" << "values=2 example=x";
        QTest::newRow("names") << many << "many-values" << "example=name0";
        QTest::newRow("sentences") << texts << "free-text"
                                   << "example=a long sentence about the number 0 at some length";
        QTest::newRow("few names") << QByteArray("a\nann\nbob\ncy\n") << "many-values" << "values=3 share=100 example=ann";
        QTest::newRow("dates") << QByteArray("a\n2001-01-01\n2002-01-01\n") << "all-dates" << "example=2001-01-01";
        QTest::newRow("missing") << QByteArray("a,b\n,1\n,2\n") << "all-missing" << "";
        QTest::newRow("mixed") << mixed + "five\n" << "mixed" << "share=98 example=five line=52";
    }
    void reasons()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, reason);
        QFETCH(QString, facts);
        const TypeGuess guess = readBytes(bytes).guesses.front();
        QCOMPARE(QString::fromStdString(guess.reason), reason);
        QStringList all;
        for (const auto& [key, value] : guess.facts)
            all.append(QString::fromStdString(key + "=" + value));
        QCOMPARE(all.join(' '), facts);
    }

    /// A column's type is that of all its rows, however late the one that does not fit.
    void lateValueWidens()
    {
        QByteArray bytes = "n,d,t\n";
        for (int i = 0; i < 3000; ++i)
            bytes += QByteArray::number(i % 7) + ",2001-01-0" + QByteArray::number(1 + i % 7) + ",1\n";
        CsvResult result = readBytes(bytes + "x,y,2001-01-01\n", {}, 500);
        QVERIFY(result.table.column(0).type() == ColumnType::Category);
        QVERIFY(result.table.column(1).type() == ColumnType::Category);
        QVERIFY(result.table.column(2).type() == ColumnType::Category);
        QCOMPARE(result.guesses[0].reason, std::string("mixed"));
        QCOMPARE(fact(result.guesses[0].facts, "line"), std::string("3002"));
        QCOMPARE(fact(result.guesses[0].facts, "example"), std::string("x"));
        result = readBytes(bytes, {}, 500);
        QVERIFY(result.table.column(0).type() == ColumnType::Number);
        QVERIFY(result.table.column(1).type() == ColumnType::DateTime);
    }

    void typesGiven_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("table");
        const auto row = [](const char* name, const char* bytes, ColumnType type, const char* table) {
            QTest::newRow(name) << QByteArray(bytes) << static_cast<int>(type) << QString(table);
        };
        row("numbers as category", "a\n1\n2.0\n1\n", ColumnType::Category, "a category: 1|2.0|1");
        row("numbers as text", "a\n1\n02\n1\n", ColumnType::Text, "a text: 1|02|1");
        row("numbers as boolean", "a\n1\n0\n1\n", ColumnType::Boolean, "a boolean: 1|0|1");
        row("words as boolean", "a\nmale\nfemale\n\n", ColumnType::Boolean, "a boolean: male|female");
        row("unique words as category", "a\nu\nv\nw\n", ColumnType::Category, "a category: u|v|w");
        row("NA in a category", "a\nu\nNA\nw\n", ColumnType::Category, "a category: u|NA|w");
        row("NA in numbers", "a\nNA\nNA\n", ColumnType::Number, "a number: ~|~");
        row("nothing as number", "a,b\n,1\n,1\n", ColumnType::Number, "a number: ~|~\nb number: 1|1");
        row("day first when given", "a\n01/02/2001\n03/04/2001\n", ColumnType::DateTime, "a date-time: 2001-02-01|2001-04-03");
    }
    void typesGiven()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, type);
        QFETCH(QString, table);
        CsvOptions options;
        options.types["a"] = static_cast<ColumnType>(type);
        const CsvResult result = readBytes(bytes, options);
        QCOMPARE(shown(result.table), table);
        QCOMPARE(result.guesses.front().reason, std::string("given"));
    }

    void booleanDictionary_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("dictionary");
        QTest::newRow("false first") << QByteArray("a\nyes\nno\n") << "no|yes";
        QTest::newRow("only true") << QByteArray("a\nYes\nYes\n") << "No|Yes";
        QTest::newRow("one and zero") << QByteArray("a\n1\n0\n") << "0|1";
        QTest::newRow("two cases") << QByteArray("a\ntrue\nFALSE\nTrue\n") << "FALSE|true";
        QTest::newRow("words") << QByteArray("a\nmale\nfemale\n") << "female|male";
    }
    void booleanDictionary()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, dictionary);
        CsvOptions options;
        options.types["a"] = ColumnType::Boolean;
        QStringList words;
        const CsvResult result = readBytes(bytes, options);
        for (const std::string& word : result.table.column(0).dictionary())
            words.append(QString::fromStdString(word));
        QCOMPARE(words.join('|'), dictionary);
    }

    void missingMarksGiven()
    {
        CsvOptions options;
        options.missingMarks["a"] = {"unknown", "-999"};
        const CsvResult result = readBytes("a,b\n1,unknown\n-999,x\nunknown,x\n4,x\n", options);
        QCOMPARE(shown(result.table), QString("a number: 1|~|~|4\nb category: unknown|x|x|x"));
        QCOMPARE(fact(result.guesses[0].facts, "marked"), std::string("2"));
    }

    void notFinite()
    {
        const CsvResult result = readBytes("a,b\n1,2\nNaN,3\n-inf,4\n5,6\n");
        QCOMPARE(shown(result.table), QString("a number: 1|~|~|5\nb number: 2|3|4|6"));
        QCOMPARE(result.issues.size(), std::size_t{1});
        QVERIFY(result.issues[0]
                == (Issue{Severity::Warning, "a", ErrorCode::ColumnNotFinite,
                          {{"column", "a"}, {"line", "3"}, {"value", "NaN"}, {"count", "2"}}}));
    }
};

QTEST_GUILESS_MAIN(CsvReaderTest)
#include "tst_csv_reader.moc"

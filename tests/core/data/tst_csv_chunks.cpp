#include "core/base/Random.h"
#include "core/data/CsvWriter.h"
#include "tests/core/data/CsvTesting.h"

#include <numeric>

using namespace limpid;
using limpid::test::readBytes;
using limpid::test::shown;

namespace {

/// Rows with everything that makes cutting hard, and the table they mean.
QByteArray difficultFile(std::uint64_t seed, int rows, QString& table)
{
    static const char* const words[] = {"x", "y,z", "say \"hi\"", "two\nlines", "\n", "a\r\nb", "\"", "", "é"};
    Random random(seed, "difficult");
    QByteArray bytes = "n,word,label\n";
    QStringList numbers, texts, labels;
    for (int i = 0; i < rows; ++i) {
        const bool gap = random.below(10) == 0;
        const double number = std::round(random.normal() * 1000) / 8;
        const QString word = QString::fromUtf8(words[random.below(std::size(words))]);
        const int label = static_cast<int>(random.below(4));
        QByteArray quoted = word.toUtf8();
        quoted.replace("\"", "\"\"");
        bytes += (gap ? QByteArray() : QByteArray::number(number, 'g', 17)) + ",\"" + quoted + "\",L"
            + QByteArray::number(label) + (random.below(5) == 0 ? "\r\n" : "\n");
        if (random.below(12) == 0)
            bytes += '\n';
        numbers.append(gap ? QString("~") : QString::number(number, 'g', 17));
        texts.append(word.isEmpty() ? QString("~") : word);
        labels.append("L" + QString::number(label));
    }
    table = "n number: " + numbers.join('|') + "\nword category: " + texts.join('|') + "\nlabel category: "
        + labels.join('|');
    return bytes;
}

QStringList dictionaries(const Table& table)
{
    QStringList words;
    for (std::size_t i = 0; i < table.columnCount(); ++i)
        for (const std::string& word : table.column(i).dictionary())
            words.append(QString::fromStdString(word));
    return words;
}

} // namespace

class CsvChunksTest : public QObject
{
    Q_OBJECT

private slots:
    void anyCutReadsTheSame_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("chunkBytes");
        for (const int threads : {1, 2, 5})
            for (const int chunkBytes : {1, 2, 13, 64, 1000, 1 << 20})
                QTest::addRow("%d threads, %d bytes", threads, chunkBytes) << threads << chunkBytes;
    }
    void anyCutReadsTheSame()
    {
        QFETCH(int, threads);
        QFETCH(int, chunkBytes);
        for (const std::uint64_t seed : {1, 2, 3}) {
            QString expected;
            const QByteArray bytes = difficultFile(seed, 300, expected);
            CsvOptions options;
            options.threads = threads;
            const CsvResult result = readBytes(bytes, options, static_cast<std::size_t>(chunkBytes));
            QCOMPARE(shown(result.table), expected);
            const CsvResult plain = readBytes(bytes);
            QCOMPARE(dictionaries(result.table), dictionaries(plain.table));
            QVERIFY(result.guesses == plain.guesses);
        }
    }

    /// More distinct values than a category may have: the column is read again as text.
    void manyStrings()
    {
        QByteArray bytes = "name,n\n";
        QStringList names;
        for (int i = 0; i < 2000; ++i) {
            names.append(i % 50 == 7 ? QString() : "name " + QString::number(i * 7919 % 2000));
            bytes += names.back().toUtf8() + ",1\n";
        }
        for (const std::size_t chunkBytes : {std::size_t{100}, std::size_t{5000}, csv::defaultChunkBytes}) {
            const CsvResult result = readBytes(bytes, {}, chunkBytes);
            const Column& column = result.table.column(0);
            QVERIFY(column.type() == ColumnType::Text);
            QCOMPARE(column.missingCount(), std::size_t{40});
            for (std::size_t row = 0; row < column.rows(); ++row)
                QCOMPARE(QString::fromStdString(std::string(column.text(row))), names[static_cast<qsizetype>(row)]);
        }
    }

    /// The header may be longer than a chunk, and a quoted cell longer than several.
    void cellLongerThanChunks()
    {
        const QByteArray cell(5000, '\n');
        const CsvResult result = readBytes("a,b\n1,\"" + cell + "\"\n2,\"" + cell + "\"\n", {}, 64);
        QCOMPARE(result.table.rows(), std::size_t{2});
        QCOMPARE(QByteArray::fromStdString(result.table.column(1).display(1)), cell);
    }

    void writtenAndReadBack()
    {
        QString expected;
        const CsvResult first = readBytes(difficultFile(9, 200, expected));
        const CsvResult second = readBytes(QByteArray::fromStdString(writeCsv(first.table)));
        QCOMPARE(shown(second.table), expected);
    }

    void writtenText()
    {
        const CsvResult result = readBytes("a;b;c\n1,5;x;2001-01-01 10:00\n;\"y,\"\"z\"\"\";\n");
        QCOMPARE(writeCsv(result.table), std::string("a,b,c\n1.5,x,2001-01-01 10:00\n,\"y,\"\"z\"\"\",\n"));
        QCOMPARE(writeCsv(readBytes("a\n1\n\"\"\n").table), std::string("a\n1\n\"\"\n"));
    }

    /// Sums by pandas 2.2.3: read_csv, factorize.
    void millionRows()
    {
        LIMPID_NEED_SHARED(path, "data/flights_1m/flights_1m.csv");
        Task task;
        const CsvResult result = readCsv(path, {}, task);
        const Table& table = result.table;
        QCOMPARE(table.rows(), std::size_t{1000000});
        const auto dates = table.column(0).dateTimes();
        const auto delays = table.column(1).numbers();
        const auto distances = table.column(2).numbers();
        const auto origins = table.column(3).codes();
        const auto destinations = table.column(4).codes();
        QCOMPARE(std::accumulate(dates.begin(), dates.end(), std::int64_t{0}), std::int64_t{980950746030120000});
        QCOMPARE(std::accumulate(delays.begin(), delays.end(), 0.0), 7638823.0);
        QCOMPARE(std::accumulate(distances.begin(), distances.end(), 0.0), 728303008.0);
        QCOMPARE(std::accumulate(origins.begin(), origins.end(), std::int64_t{0}), std::int64_t{45900792});
        QCOMPARE(std::accumulate(destinations.begin(), destinations.end(), std::int64_t{0}), std::int64_t{46524791});
        QCOMPARE(table.column(3).dictionary().size(), std::size_t{223});
        QCOMPARE(table.column(4).dictionary().size(), std::size_t{224});
        QCOMPARE(table.column(0).display(999999), std::string("2001-03-02 22:18"));
    }
};

QTEST_GUILESS_MAIN(CsvChunksTest)
#include "tst_csv_chunks.moc"

#include "core/base/File.h"
#include "core/model/TrainSpec.h"
#include "tests/support/TestSupport.h"
#include "ui/report/ReportFile.h"

#include <QRegularExpression>
#include <QXmlStreamReader>

using namespace limpid;

/// Reports of versions that were trained for real: the bundled penguins, and a table with hostile names.
class TestReport : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;
    ModelVersion m_penguins, m_hostile;
    QByteArray m_html;
    static constexpr qsizetype most = 2'000'000; // bytes

    QString path(const QString& name) const { return m_dir.filePath(name); }
    ModelVersion train(const std::filesystem::path& file, const std::string& target, const std::string& name)
    {
        Task task;
        const DataSet data = openData(file, {}, task);
        TrainRequest request;
        request.pipeline.target = target;
        request.train.epochs = 8;
        request.train.seed = 4711;
        request.name = name;
        return trainModel(*m_workspace, data, request, {}, {}, task).version;
    }
    ReportContents contents(const ModelVersion& version, const ReportQuestion& question = {})
    {
        Task task;
        return gatherReport(*m_workspace, version, explainForReport(*m_workspace, version, question, task), task);
    }
    /// What a browser would show: all text, and that the file is whole.
    static QString textOf(const QByteArray& html)
    {
        QXmlStreamReader reader(html);
        QString text;
        while (!reader.atEnd()) {
            reader.readNext();
            if (reader.isCharacters())
                text += reader.text();
        }
        if (reader.hasError())
            qWarning("line %lld: %s", reader.lineNumber(), qPrintable(reader.errorString())); // fails the test
        return text;
    }

private slots:
    void initTestCase()
    {
        m_workspace = std::make_unique<Workspace>(std::filesystem::path(path("workspace").toStdString()));
        std::filesystem::copy_file(test::project("resources/samples/penguins.csv"), path("penguins.csv").toStdString());
        m_penguins = train(path("penguins.csv").toStdString(), "species", "penguins");
        m_workspace->setAlias("penguins", "best", m_penguins.version);
        m_penguins = m_workspace->resolve("penguins");
        QByteArray csv = "<script>alert(1)</script>,\"a & \"\"b\"\" %1 %2\",kind\n";
        for (int i = 0; i < 80; ++i)
            csv += QByteArray::number(i * 0.37) + "," + QByteArray::number((i * 7) % 13 + 0.5) + "," + (i < 40 ? "<b>ripe" : "]]>green") + "\n";
        m_hostile = train(test::write(m_dir, "hostile.csv", csv), "kind", "hostile");
        Task task;
        m_html = reportHtml(contents(m_penguins), task);
    }

    void isOneWellFormedFile()
    {
        QVERIFY(m_html.startsWith("<!DOCTYPE html>"));
        const QString text = textOf(m_html);
        QVERIFY2(m_html.size() < most, qPrintable(QString::number(m_html.size())));
        QVERIFY(!m_html.contains("<script") && !m_html.contains("<link") && !m_html.contains("@import"));
        // What is loaded or led to is in the file itself.
        static const QRegularExpression places("(?:src|href)=\"([^\"]*)\"");
        auto match = places.globalMatch(QString::fromUtf8(m_html));
        int count = 0;
        for (; match.hasNext(); ++count) {
            const QString place = match.next().captured(1);
            QVERIFY2(place.startsWith("#") || place.startsWith("data:"), qPrintable(place));
        }
        QVERIFY(count > 5);
        QVERIFY(m_html.count("<figure>") >= 8);
        QCOMPARE(m_html.count("<figure>"), m_html.count("role=\"img\"") + m_html.count("<img alt=\""));
    }

    void hasTheRulesOfScreenAndPaper()
    {
        QVERIFY(m_html.contains("@media screen and (prefers-color-scheme: dark)")); // never of paper
        QVERIFY(m_html.contains("@media print") && m_html.contains("size: A4") && m_html.contains("break-before: page"));
        QVERIFY(m_html.contains("break-inside: avoid"));
    }

    void tellsAllOfTheVersion_data()
    {
        QTest::addColumn<QString>("words");
        for (const char* words : {"penguins, version 1", "best", "penguins.csv", "344", "bill_length_mm", "Adelie, Chinstrap, Gentoo", "hidden1", "Linear",
                                  "Accuracy", "Leverage SHAP", "training rows", "Coalitions a row", "4711", "Split", "LibTorch"})
            QTest::newRow(words) << QString::fromLatin1(words);
    }
    void tellsAllOfTheVersion()
    {
        QFETCH(QString, words);
        if (words == QLatin1String("LibTorch"))
            words = QString::fromStdString(m_workspace->run(m_penguins.run).build["torch"].get<std::string>());
        QVERIFY2(textOf(m_html).contains(words), qPrintable(words));
    }

    void hasEverySetting()
    {
        const QString text = textOf(m_html);
        for (const ParamSpec& param : trainParams())
            QVERIFY2(text.contains(QString::fromStdString(param.name)), param.name.c_str());
        QVERIFY(text.contains(QString::fromStdString(m_workspace->run(m_penguins.run).data["sha256"].get<std::string>())));
    }

    void escapesWhatUsersWrote()
    {
        Task task;
        const QByteArray html = reportHtml(contents(m_hostile), task);
        const QString text = textOf(html);
        QVERIFY(!html.contains("<script") && !html.contains("<b>"));
        QVERIFY(text.contains("<script>alert(1)</script>") && text.contains("a & \"b\" %1 %2") && text.contains("<b>ripe"));
    }

    void writesAPdf()
    {
        Task task;
        writeReport(contents(m_penguins), path("report.pdf"), task);
        const std::string bytes = readFile(path("report.pdf").toStdString());
        QVERIFY(bytes.starts_with("%PDF"));
        QVERIFY(bytes.size() < std::size_t(most));
        QVERIFY(QByteArray::fromStdString(bytes).count("/Type /Page\n") > 5);
    }

    void saysWhyNothingIsExplained()
    {
        const std::filesystem::path file = path("moved.csv").toStdString();
        std::filesystem::copy_file(test::project("resources/samples/penguins.csv"), file);
        const ModelVersion version = train(file, "species", "moved");
        writeFileAtomically(file, readFile(file) + "Adelie,Torgersen,39.1,18.7,181,3750,male,2007\n");
        ReportContents changed = contents(version);
        QVERIFY(changed.explanations.list.empty());
        QVERIFY(changed.explanations.missing.contains("has changed"));
        std::filesystem::remove(file);
        ReportContents gone = contents(version);
        QVERIFY2(gone.explanations.missing.contains("moved.csv"), qPrintable(gone.explanations.missing));
        Task task;
        QVERIFY(textOf(reportHtml(gone, task)).contains(gone.explanations.missing));
        // A file that is named is another matter.
        QCOMPARE(test::errorNameOf([&] { contents(version, {file}); }), std::string("FileNotFound"));
        QCOMPARE(contents(version, {path("penguins.csv").toStdString(), "exact", 3, 10}).explanations.list.at(0)->rowCount(), std::size_t(7));
        QCOMPARE(test::errorNameOf([&] { contents(version, {path("penguins.csv").toStdString(), "exact", 300, 400}); }), std::string("RowRangeInvalid"));
    }

    void doesWithoutARun()
    {
        const ModelVersion version = m_workspace->addVersion("imported", 0, m_workspace->loadBundle(m_penguins), nlohmann::json::object());
        Task task;
        const QString text = textOf(reportHtml(contents(version), task));
        QVERIFY(text.contains("imported, version 1") && text.contains("not in this workspace"));
    }

    void leavesTheOldFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("html") << "old.html";
        QTest::newRow("pdf") << "old.pdf";
    }
    void leavesTheOldFile()
    {
        QFETCH(QString, name);
        const std::filesystem::path old = test::write(m_dir, name, "as it was");
        const ReportContents whole = contents(m_hostile);
        Task cancelled;
        cancelled.cancel();
        QVERIFY_EXCEPTION_THROWN(writeReport(whole, path(name), cancelled), Cancelled);
        Task later([&later](const Task::Progress& progress) { // in the midst of the plots
            if (progress.fraction > 0.3)
                later.cancel();
        });
        QVERIFY_EXCEPTION_THROWN(writeReport(whole, path(name), later), Cancelled);
        QCOMPARE(readFile(old), std::string("as it was"));
        Task task;
        QCOMPARE(test::errorNameOf([&] { writeReport(whole, path("no/such/") + name, task); }), std::string("FileUnwritable"));
        QCOMPARE(test::errorNameOf([&] { makeReport(*m_workspace, m_hostile, {}, path("report.docx"), task); }), std::string("OptionInvalid"));
    }
};

QTEST_MAIN(TestReport)
#include "tst_report.moc"

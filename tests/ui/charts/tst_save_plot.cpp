#include "tests/support/TestSupport.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotMenu.h"

#include <QApplication>
#include <QFile>
#include <QMenu>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cmath>

using namespace limpid;

class TestSavePlot : public QObject
{
    Q_OBJECT
private slots:
    /// The file's own words: one page, of the size asked for, with a font in it.
    void pdf()
    {
        QTemporaryDir dir;
        Theme theme(nullptr);
        const auto plot = makeCurves({{"train", {{0, 3}, {1, 2}}, false}}, "epoch", "loss");
        const QString path = dir.filePath(QString::fromUtf8("Verläufe.PDF"));
        savePlot(*plot, path, QSize(400, 0), theme);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY(bytes.startsWith("%PDF-1."));
        QVERIFY(bytes.trimmed().endsWith("%%EOF"));
        QVERIFY(bytes.contains("/Count 1"));
        QVERIFY(bytes.contains("/FontFile"));
        const QRegularExpressionMatch box = QRegularExpression("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)").match(QString::fromLatin1(bytes));
        QVERIFY(box.hasMatch());
        QCOMPARE(std::lround(box.captured(1).toDouble()), 400L);
        QCOMPARE(std::lround(box.captured(2).toDouble()), std::lround(std::ceil(plot->preferredHeight(400 - 32) + 32)));
        // Nothing is left beside it, and what can't be written says so.
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), qsizetype(1));
        QCOMPARE(test::errorNameOf([&] { savePlot(*plot, dir.filePath("no/such/folder/a.pdf"), QSize(200, 200), theme); }), std::string("FileUnwritable"));
    }

    void menuOffersIt()
    {
        QWidget parent;
        Theme theme(nullptr);
        showPlotMenu(makeCurves({}, "epoch", "loss"), QSize(200, 100), theme, &parent, QPoint(0, 0));
        auto* menu = parent.findChild<QMenu*>("plotMenu");
        QVERIFY(menu);
        QVERIFY(menu->findChild<QAction*>("savePdf"));
        menu->close();
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale::c());
    TestSavePlot test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_save_plot.moc"

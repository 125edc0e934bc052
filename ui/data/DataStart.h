#pragma once

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace limpid {

class EmptyState;

/// The Data page before anything is open: a button to open a file, recent files, samples to try.
class DataStart : public QWidget
{
    Q_OBJECT
public:
    explicit DataStart(QWidget* parent = nullptr);
    void setRecent(const QStringList& paths);
    void setSamples(const QStringList& paths);
    /// The file that is being read; "": none.
    void setOpening(const QString& file);

signals:
    void openRequested();
    void fileChosen(const QString& path);

private:
    QWidget* makeColumn(const QString& title, const QString& name, QVBoxLayout*& rows);
    void fill(QWidget* column, QVBoxLayout* rows, const QStringList& paths, bool sample);

    EmptyState* m_empty;
    QLabel* m_opening;
    QWidget* m_recent;
    QWidget* m_samples;
    QVBoxLayout* m_recentRows = nullptr;
    QVBoxLayout* m_sampleRows = nullptr;
};

} // namespace limpid
